import { describe, expect, it } from 'vitest';
import { createChunkedBody } from './chunked-body.ts';

const body = '5\r\nhello\r\nA;name=value\r\n\r\n0\r\n\r\n0\r\n\r\n0\r\nTrailer: x\r\n\r\n';
const next = 'GET / HTTP/1.1';

describe('a chunked body', () => {
  it('ends behind its last chunk and trailers, however it is cut into pieces', () => {
    const whole = Buffer.from(body + next);
    for (let size = 1; size <= whole.length; size += 1) {
      const chunked = createChunkedBody();
      let seen = 0;
      let ended = false;
      for (let at = 0; at < whole.length && !ended; at += size) {
        const taken = chunked.take(whole.subarray(at, at + size));
        seen += taken.bytes;
        ended = taken.ended;
      }
      expect([size, seen, ended]).toEqual([size, body.length, true]);
    }
  });

  it.each(['x\r\n', '-1\r\n', '\r\n', '5 5\r\n', '0'.repeat(20_000)])(
    'is refused when it begins %j',
    (text) => {
      expect(() => createChunkedBody().take(Buffer.from(text))).toThrow('malformed chunk');
    },
  );
});
