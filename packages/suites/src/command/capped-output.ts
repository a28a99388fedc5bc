export interface CappedOutput {
  push(chunk: Buffer): void;
  /** Everything that came in, counted in bytes. */
  readonly bytes: number;
  /** The kept text; where something is missing a line says how much. Bytes that are no UTF-8 become U+FFFD. */
  text(): string;
}

export interface OutputCaps {
  headBytes: number;
  tailBytes: number;
}

// The beginning says what was run and which setting was wrong, the end says how it went.
export const outputCaps: OutputCaps = { headBytes: 64 * 1024, tailBytes: 192 * 1024 };

/** Keeps the first and the last bytes of a stream of any length, in memory of fixed size. */
export function createCappedOutput(caps: OutputCaps = outputCaps): CappedOutput {
  const head = Buffer.alloc(caps.headBytes);
  const tail = Buffer.alloc(caps.tailBytes);
  let bytes = 0;

  // The tail is a ring: byte n of the stream after the head lies at n modulo its size.
  function pushTail(chunk: Buffer, from: number): void {
    const kept = chunk.subarray(Math.max(0, chunk.length - tail.length));
    const start = (from + chunk.length - kept.length) % tail.length;
    const first = kept.copy(tail, start);
    kept.copy(tail, 0, first);
  }

  return {
    get bytes() {
      return bytes;
    },
    push(chunk) {
      const toHead = bytes < head.length ? chunk.copy(head, bytes) : 0;
      const rest = chunk.subarray(toHead);
      if (rest.length > 0) pushTail(rest, bytes + toHead - head.length);
      bytes += chunk.length;
    },
    text() {
      const inTail = Math.max(0, bytes - head.length);
      if (inTail === 0) return head.toString('utf8', 0, bytes);
      if (inTail <= tail.length) {
        return Buffer.concat([head, tail.subarray(0, inTail)]).toString('utf8');
      }
      const start = inTail % tail.length;
      const last = Buffer.concat([tail.subarray(start), tail.subarray(0, start)]);
      return `${head.toString('utf8')}\n[${inTail - tail.length} bytes cut]\n${last.toString('utf8')}`;
    },
  };
}
