import { bodyLimit } from 'hono/body-limit';
import { every } from 'hono/combine';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../context.ts';

/**
 * A body is JSON and not larger than the limit; anything else is refused rather than ignored.
 *
 * @param maxBytes of the body as it is sent
 */
export function bodyRules(maxBytes: number): MiddlewareHandler<AppEnv> {
  const limit = bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new AppError('too_large', `the body is larger than ${maxBytes} bytes`);
    },
  });
  const json: MiddlewareHandler<AppEnv> = async (c, next) => {
    const hasBody =
      c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
    if (hasBody && !/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
      throw new AppError('validation_failed', 'the body must be JSON', {
        fields: [{ field: 'Content-Type', message: 'must be application/json' }],
      });
    }
    await next();
  };
  return every(limit, json);
}
