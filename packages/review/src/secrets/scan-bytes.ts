import { createSecretScanner, type FoundSecret } from './scan-text.ts';
import { encodingOf, sampleBytes } from './text-encoding.ts';

export interface ByteScanner {
  /** Takes the next bytes of a file; false when it is no text, and nothing more of it matters. */
  push(chunk: Buffer): boolean;
  /** Gives what was found in all of it, and begins anew. */
  end(): FoundSecret[];
}

type Reading = (chunk: Buffer) => string;

/** Scans the bytes of files, one after the other, in memory that does not grow with them. What is no text is not looked at. */
export function createByteScanner(): ByteScanner {
  const scanners = [createSecretScanner(), createSecretScanner()];
  // Until it is known how to read them.
  let held: Buffer[] = [];
  let heldBytes = 0;
  let readings: Reading[] | undefined;

  const read = (chunk: Buffer) => {
    for (const [n, reading] of (readings ?? []).entries()) scanners[n]?.push(reading(chunk));
  };
  const begin = () => {
    const first = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    [held, heldBytes] = [[], 0];
    readings = readingsOf(first);
    read(first);
  };

  return {
    push(chunk) {
      if (readings !== undefined) read(chunk);
      else {
        heldBytes += chunk.length;
        const enough = heldBytes >= sampleBytes;
        // The buffer may be used again.
        held.push(enough ? chunk : Buffer.from(chunk));
        if (enough) begin();
      }
      return readings === undefined || readings.length > 0;
    },
    end() {
      if (heldBytes > 0) begin();
      [held, heldBytes, readings] = [[], 0, undefined];
      const found = scanners.flatMap((scanner) => scanner.end());
      const once = new Map(found.toReversed().map((secret) => [`${secret.kind} ${secret.mark}`, secret]));
      return [...once.values()].toReversed();
    },
  };
}

/** How a file is read; none when it is no text. */
function readingsOf(beginning: Buffer): Reading[] {
  const encoding = encodingOf(beginning);
  if (encoding === 'binary') return [];
  if (encoding === 'bytes' || encoding === 'utf-32') return [withoutNul];
  const decoder = new TextDecoder(encoding);
  // A part of it may be written in another way: Windows appends UTF-16 to what is UTF-8.
  return [(chunk) => decoder.decode(chunk, { stream: true }), withoutNul];
}

const withoutNul: Reading = (chunk) =>
  chunk.includes(0) ? chunk.toString('latin1').replaceAll('\0', '') : chunk.toString('latin1');
