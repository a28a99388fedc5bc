import { describe, expect, it } from 'vitest';
import { finder, redact } from '../redact.ts';
import { colouredParts, plainValue, withoutColours } from './colours.ts';

const esc = '\u001B';
const bell = '\u0007';

describe('the colours of a terminal', () => {
  it.each([
    `${esc}[31m`,
    `${esc}[m`,
    `${esc}[0m`,
    `${esc}[38;5;214m`,
    `${esc}[38;2;1;2;3m`,
    `${esc}[K`,
    `${esc}[?25l`,
    `${esc}[2J`,
    `${esc}(B`,
    `${esc}(0`,
    `${esc}(A`,
    `${esc}]8;;https://host.example/x${bell}`,
    `${esc}]8;;${esc}\\`,
    String.raw`\u001b[31m`,
    String.raw`\u001B[31m`,
    String.raw`\\u001b[31m`,
    String.raw`\x1b[31m`,
    String.raw`\x1B[31m`,
    String.raw`\033[31m`,
    String.raw`\e[31m`,
    '^[[31m',
    '[31m',
    '[01;31m',
    '[1;38;5;214m',
    '[0m',
    '[m',
    '[01;31m[K',
    '[m[K',
  ])('are taken out: %j', (colour) => {
    expect(withoutColours(`a${colour}b`).text).toBe('ab');
    expect(withoutColours(`${colour}${colour}b${colour}`).text).toBe('b');
    expect(plainValue(`a${colour}b`)).toBe('ab');
  });

  it.each([
    'plain',
    '[31]',
    '[x]',
    '[1;m',
    '[1234m',
    '[1;2;3;4;5;6m',
    `${esc}x`,
    `${esc}(C`,
    `${esc}]8;;https://host`,
    String.raw`\033 [31`,
    `a[1]m`,
    '(B',
  ])('are not seen in %j', (text) => {
    expect(withoutColours(text).text).toBe(text);
    expect(plainValue(text)).toBe(text);
  });

  it('leave the way back to each place', () => {
    const red = `${esc}[31m`;
    const off = `${esc}[0m`;
    const original = `a${red}b${off}${red}cd${off}`;
    const plain = withoutColours(original);
    expect(plain.text).toBe('abcd');
    for (const [at, character] of Array.from('abcd').entries()) {
      expect(original[plain.toStart(at)]).toBe(character);
      expect(plain.toPlain(plain.toStart(at))).toBe(at);
    }
    expect(plain.toStart(Infinity)).toBe(Infinity);
    expect(plain.toPlain(0)).toBe(0);
    expect(plain.toPlain(1)).toBe(1);
    expect(plain.toPlain(3)).toBe(1);
    expect(plain.toPlain(original.length)).toBe(4);
    const secret = { lead: 0, start: 1, end: 4, kind: 'x', rank: 1 };
    const { lead, start, end } = plain.toOriginal(secret);
    expect(lead).toBe(0);
    expect(original.slice(start, end)).toBe(`b${off}${red}cd`);
  });

  it('matter so far in front and behind', () => {
    const text = 'x'.repeat(100_000);
    const parts = (from: number, to: number) => colouredParts(text, [{ from: 50_000, to: 50_010 }], from, to);
    expect(parts(0, 100_000)).toEqual([
      {
        at: 50_000 - 8_192 - 4_096,
        from: 50_000 - 8_192,
        to: 50_010 + 4_096,
        text: 'x'.repeat(40_000 + 8_192 + 4_096 + 10 + 4_096),
      },
    ]);
    expect(parts(49_999, 50_001)).toMatchObject([{ at: 49_999 - 4_096, from: 49_999, to: 50_001 }]);
    expect(parts(54_105, 60_000)).toHaveLength(1);
    expect(parts(54_106, 60_000)).toHaveLength(0);
    expect(parts(0, 41_808)).toHaveLength(0);
    expect(parts(0, 41_809)).toHaveLength(1);
    expect(colouredParts('ab', [{ from: 1, to: 1 }], 0, 2)).toEqual([{ at: 0, from: 0, to: 2, text: 'ab' }]);
  });

  it('[SEC-020] are seen through far from each other, and only where they are', () => {
    const far = 'lorem ipsum dolor '.repeat(1_000);
    const line = `${esc}[31mpassword${esc}[0m: ${esc}[32mmarten4k2q${esc}[0m`;
    const out = redact(`${line}${far}${line}${far}${line}`);
    expect(out).not.toContain('marten');
    expect(out.match(/\[redacted:password:/g)).toHaveLength(3);
    const link = `password: ${esc}]8;;https://host.example${bell}marten4k2q${esc}]8;;${bell} x`;
    expect(redact(link)).not.toContain('marten');
    expect(redact(`pass${esc}[0mword=marten4k2q`)).not.toContain('marten');
    for (const mark of [
      String.raw`\u001b[`,
      String.raw`\x1b[`,
      String.raw`\033[`,
      String.raw`\e[`,
      '^[[',
      '[',
    ]) {
      expect(redact(`pass${mark}39mword=marten4k2q`), mark).not.toContain('marten');
      expect(redact(`pass${mark}22mword=marten4k2q`), mark).not.toContain('marten');
      expect(redact(`pass${mark}0mword=marten4k2q`), mark).not.toContain('marten');
    }
    expect(redact('pass[m[Kword=marten4k2q')).not.toContain('marten');
  });

  it('[SEC-020] hide no name whose value may follow', () => {
    const text = `x\n${esc}[0mpass${esc}[31mword: |`;
    finder.find(text);
    expect(finder.openFrom()).toBe(text.indexOf('pass'));
    finder.find(`${text}x\n`);
    expect(finder.openFrom()).toBe(Infinity);
  });
});
