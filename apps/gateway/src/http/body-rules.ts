import { bodyLimit } from 'hono/body-limit';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../context.ts';
import { assertUnambiguous } from './strict-json.ts';

/** What every body may measure at most, unless its route says otherwise (contract: 1 MiB). */
export const oneMiB = 1_048_576;

/**
 * A body is not larger than the limit. A length that is announced is believed (Node reads no more than that); only
 * chunked bodies have to be counted.
 *
 * @param maxBytes of the body as it is sent
 */
export function bodySize(maxBytes: number): MiddlewareHandler<AppEnv> {
  const refuse = () => {
    throw new AppError('too_large', `the body is larger than ${maxBytes} bytes`);
  };
  const counted = bodyLimit({ maxSize: maxBytes, onError: refuse });
  return (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    return Number(c.req.header('content-length') ?? 0) > maxBytes ? refuse() : next();
  };
}

/**
 * A body within the limit is JSON with one meaning; anything else is refused rather than ignored.
 *
 * @param maxBytes of the body as it is sent
 */
export function jsonBody(maxBytes: number): MiddlewareHandler<AppEnv> {
  const sized = bodySize(maxBytes);
  return (c, next) =>
    sized(c, async () => {
      const hasBody =
        c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
      if (hasBody) {
        if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
          throw new AppError('validation_failed', 'the body must be JSON', {
            fields: [{ field: 'Content-Type', message: 'must be application/json' }],
          });
        }
        assertUnambiguous(await c.req.text());
      }
      await next();
    });
}

/** Refuses query parameters where a route has none. */
export const noQuery: MiddlewareHandler<AppEnv> = (c, next) => {
  if (c.req.raw.url.includes('?')) {
    const fields = Object.keys(c.req.query()).map((key) => ({
      field: `query.${key}`,
      message: 'is not known here',
    }));
    if (fields.length > 0) throw new AppError('validation_failed', 'the request is not valid', { fields });
  }
  return next();
};
