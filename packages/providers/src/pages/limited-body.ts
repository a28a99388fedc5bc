import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** A body that is larger than what its reader takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** A body that is compressed in a way that was not asked for. */
export class UnknownEncoding extends Error {
  override readonly name = 'UnknownEncoding';
}

/** What `readBody` can decompress, as a request header. */
export const acceptedEncodings = 'gzip, deflate, br';

const decompressors: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads a body as a stream, and stops where it becomes too large: as it was sent, or after decompression (a little that becomes
 * gigabytes is therefore never held).
 *
 * @param encoding the header content-encoding
 * @throws BodyTooLarge, UnknownEncoding, or what the connection or the decompression failed with
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Buffer> {
  try {
    const name = (encoding ?? 'identity').trim().toLowerCase();
    if (name === 'identity' || name === '') return await collect(body, limitBytes);
    const decompress = Object.hasOwn(decompressors, name) ? decompressors[name] : undefined;
    if (decompress === undefined) throw new UnknownEncoding('the body has an unknown encoding');
    // The pipeline hands a failure of one stream to the other; the loop in collect reports it.
    const plain = pipeline(limited(body, limitBytes), decompress(), () => undefined);
    return await collect(plain, limitBytes);
  } finally {
    body.destroy();
  }
}

async function* limited(body: Readable, limitBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new BodyTooLarge(`the body is larger than ${limitBytes} bytes`);
    yield chunk;
  }
}

async function collect(body: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(body, limitBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
