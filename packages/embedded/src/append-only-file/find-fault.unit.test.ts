import { describe, expect, it } from 'vitest';
import { findFault } from './find-fault.ts';

const command = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
const select = command('SELECT', '0');
const first = command('set', 'é', 'first\r\n*1\r\n$4\r\nPING\r\n');
const transaction = command('MULTI') + command('lpush', 'b', '2') + command('EXEC');
const whole = select + first + transaction;
const size = Buffer.byteLength(whole);
const find = (text: string) => findFault(Buffer.from(text));
const nul = '\0'.repeat(4_096);
const open = command('MULTI') + command('lpush', 'b', '3');

describe('an append-only file', () => {
  it('is whole when it ends with a command, a transaction or a note of the time', () => {
    for (const text of ['', whole, select, `${whole}#TS:1764115200\r\n${first}`])
      expect(find(text)).toBeUndefined();
  });

  it.each([
    ['NUL bytes', nul],
    ['half a command', first.slice(0, -7)],
    ['half a command, then NUL bytes', first.slice(0, 16) + nul],
    ['a number that is cut', '*'],
    ['the length of an argument that is cut', '*2\r\n$1'],
    ['text', 'remains of another file'],
    ['a transaction without its end', open],
    ['such a transaction and half a command', `${open}*2\r\n$4\r\nEX`],
    ['such a transaction and NUL bytes', open + nul],
    ['only the beginning of a transaction', command('multi')],
    ['a note that is cut', '#TS:17641'],
    ['a command without words', '*0\r\n'],
  ])('ends before %s', (_what, tail) => {
    expect(find(whole + tail)).toEqual({ at: size, inside: false });
  });

  it('ends at the last whole command wherever it is cut', () => {
    const ends = [select, first, transaction].reduce<number[]>(
      (known, part) => [...known, (known.at(-1) ?? 0) + Buffer.byteLength(part)],
      [0],
    );
    const bytes = Buffer.from(whole);
    for (let length = 0; length <= bytes.length; length += 1) {
      const at = Math.max(...ends.filter((end) => end <= length));
      const expected = at === length ? undefined : { at, inside: false };
      // An argument that holds a command of its own counts as one: to ask is better than to lose it.
      const fault = findFault(bytes.subarray(0, length));
      if (fault?.inside === true) expect(length).toBeGreaterThan(Buffer.byteLength(select));
      else expect(fault).toEqual(expected);
    }
  });

  it.each([
    ['NUL bytes', nul],
    ['text', 'no command'],
    ['half a command', first.slice(0, 20)],
    ['a length that is too large', '*2\r\n$3\r\nset\r\n$99999\r\n'],
  ])('is damaged inside when commands stand behind %s', (_what, damage) => {
    expect(find(whole + damage + first)).toEqual({ at: size, inside: true });
  });

  it('is damaged inside when more than a command can be makes no sense', () => {
    expect(find(whole + 'x'.repeat(9 * 1024 * 1024))).toEqual({ at: size, inside: true });
    expect(find(whole + '\0'.repeat(9 * 1024 * 1024))).toEqual({ at: size, inside: false });
  });
});
