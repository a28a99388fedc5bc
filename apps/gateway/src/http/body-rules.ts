import { bodyLimit } from 'hono/body-limit';
import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { headerOf } from './header-of.ts';
import type { LargeBodies } from '../large-bodies/large-bodies.ts';
import { largeBytes, smallBytes } from '../large-bodies/sizes.ts';
import { decodeText } from './decode-text.ts';
import { assertUnambiguous, type JsonPlace } from './strict-json.ts';

/** Makes of a large body what the handler gets; the bytes may be gone afterwards. */
export type ReadLarge = (c: Context<AppEnv>, bytes: ArrayBuffer) => Promise<object>;

/** A body that was read and checked elsewhere. */
export class ReadElsewhere {
  readonly body: object;

  constructor(body: object) {
    this.body = body;
  }
}

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
 * @param rules.maxBytes of the body as it is sent
 * @param rules.fieldOf what a place in it is called in the answer
 * @returns a function that gives the value, or undefined when there is no body
 */
export function jsonBody(rules: {
  maxBytes: number;
  fieldOf: ((place: JsonPlace) => string) | undefined;
  readLarge: ReadLarge | undefined;
  largeBodies: LargeBodies;
}): (c: Context<AppEnv>) => Promise<unknown> {
  const { maxBytes, fieldOf, readLarge, largeBodies } = rules;
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
      value = await valueOf(c, await readBody(c));
    });
    return value;
  };

  async function valueOf(c: Context<AppEnv>, bytes: ArrayBuffer): Promise<unknown> {
    if (bytes.byteLength > largeBytes) {
      await c.get('largeBody')?.take();
      if (readLarge !== undefined) return new ReadElsewhere(await readLarge(c, bytes));
      await largeBodies.assertUnambiguous(bytes);
      return JSON.parse(decodeText(bytes));
    }
    if (bytes.byteLength > smallBytes) await largeBodies.turn();
    const text = decodeText(bytes);
    assertUnambiguous(text, fieldOf);
    return JSON.parse(text);
  }
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

const hasBody = (c: Context<AppEnv>) =>
  headerOf(c, 'transfer-encoding') !== undefined || Number(headerOf(c, 'content-length') ?? 0) > 0;
