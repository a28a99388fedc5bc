import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCappedOutput } from './capped-output.ts';

describe('the output of a command', () => {
  it('is kept whole up to the caps', () => {
    const output = createCappedOutput({ headBytes: 4, tailBytes: 4 });
    for (const part of ['ab', 'cde', 'fgh']) output.push(Buffer.from(part));
    expect(output.text()).toBe('abcdefgh');
  });

  it('keeps its beginning and its end, and says how much is missing between', () => {
    const output = createCappedOutput({ headBytes: 4, tailBytes: 4 });
    output.push(Buffer.from('abcdefghijkl'));
    expect(output.text()).toBe('abcd\n[4 bytes cut]\nijkl');
    expect(output.bytes).toBe(12);
  });

  it('is the same however it was cut into chunks', () => {
    const chunks = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(chunks, (parts) => {
        const output = createCappedOutput({ headBytes: 8, tailBytes: 16 });
        for (const part of parts) output.push(Buffer.from(part));
        const all = parts.join('');
        const expected =
          all.length <= 24 ? all : `${all.slice(0, 8)}\n[${all.length - 24} bytes cut]\n${all.slice(-16)}`;
        expect(output.text()).toBe(expected);
      }),
    );
  });

  it('that is no UTF-8 is readable all the same', () => {
    const output = createCappedOutput();
    output.push(Buffer.from([0x61, 0xff, 0xfe, 0x62]));
    expect(output.text()).toBe('a\ufffd\ufffdb');
  });
});
