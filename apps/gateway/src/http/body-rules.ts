import { bodyLimit } from 'hono/body-limit';
import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { headerOf } from './header-of.ts';
import { assertUnambiguous, type JsonPlace } from './strict-json.ts';

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
    if (headerOf(c, 'transfer-encoding') !== undefined) return counted(c, next);
    return Number(headerOf(c, 'content-length') ?? 0) > maxBytes ? refuse() : next();
  };
}

/**
 * Reads a body that has to be JSON with one meaning; anything else is refused rather than ignored.
 *
 * @param maxBytes of the body as it is sent
 * @param fieldOf what a place in it is called in the answer
 * @returns a function that gives the value, or undefined when there is no body
 */
export function jsonBody(
  maxBytes: number,
  fieldOf?: (place: JsonPlace) => string,
): (c: Context<AppEnv>) => Promise<unknown> {
  const sized = bodySize(maxBytes);
  return async (c) => {
    let value: unknown;
    await sized(c, async () => {
      if (!hasBody(c)) return;
      if (!/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headerOf(c, 'content-type') ?? '')) {
        throw new AppError('validation_failed', 'the body must be JSON', {
          fields: [{ field: 'Content-Type', message: 'must be application/json, in UTF-8' }],
        });
      }
      if (headerOf(c, 'content-encoding') !== undefined) {
        throw new AppError('validation_failed', 'the body must not be encoded', {
          fields: [{ field: 'Content-Encoding', message: 'unknown field' }],
        });
      }
      const text = decode(await readBody(c));
      assertUnambiguous(text, fieldOf);
      value = JSON.parse(text);
    });
    return value;
  };
}

async function readBody(c: Context<AppEnv>): Promise<ArrayBuffer> {
  try {
    return await c.req.arrayBuffer();
  } catch (error) {
    // The caller's doing, and nobody is there to be told.
    if (!c.env.incoming.complete && c.env.incoming.destroyed) {
      throw new AppError('validation_failed', 'the body ended too early', { cause: error });
    }
    throw error;
  }
}

// Fatal: bytes that are no text would all become the same replacement character, and two payloads one.
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new AppError('validation_failed', 'the body is not valid UTF-8', {
      fields: [{ field: 'body', message: 'must be valid UTF-8' }],
    });
  }
}

const hasBody = (c: Context<AppEnv>) =>
  headerOf(c, 'transfer-encoding') !== undefined || Number(headerOf(c, 'content-length') ?? 0) > 0;
