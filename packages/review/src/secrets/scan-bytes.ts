import { createSecretScanner, type FoundSecret } from './scan-text.ts';
import { encodingOf, sampleBytes } from './text-encoding.ts';

export interface ByteScanner {
  /** Takes the next bytes of a file; false when it is no text, and nothing more of it matters. */
  push(chunk: Buffer): boolean;
  /** Gives what was found in all of it, and begins anew. */
  end(): FoundSecret[];
}

/** Scans the bytes of files, one after the other, in memory that does not grow with them. What is no text is not looked at. */
export function createByteScanner(): ByteScanner {
  const scanner = createSecretScanner();
  // Until it is known how to read them.
  let held: Buffer[] = [];
  let heldBytes = 0;
  let read: ((chunk: Buffer) => string) | undefined;
  let isText = true;

  const begin = () => {
    const first = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    [held, heldBytes] = [[], 0];
    read = readerOf(first);
    isText = read !== undefined;
    if (read !== undefined) scanner.push(read(first));
  };

  return {
    push(chunk) {
      if (!isText) return false;
      if (read !== undefined) scanner.push(read(chunk));
      else {
        heldBytes += chunk.length;
        const enough = heldBytes >= sampleBytes;
        // The buffer may be used again.
        held.push(enough ? chunk : Buffer.from(chunk));
        if (enough) begin();
      }
      return isText;
    },
    end() {
      if (heldBytes > 0) begin();
      [held, heldBytes, read, isText] = [[], 0, undefined, true];
      return scanner.end();
    },
  };
}

function readerOf(beginning: Buffer): ((chunk: Buffer) => string) | undefined {
  const encoding = encodingOf(beginning);
  if (encoding === 'binary') return undefined;
  if (encoding === 'bytes') return (chunk) => chunk.toString('latin1');
  if (encoding === 'utf-32') return (chunk) => chunk.toString('latin1').replaceAll('\0', '');
  const decoder = new TextDecoder(encoding);
  return (chunk) => decoder.decode(chunk, { stream: true });
}
