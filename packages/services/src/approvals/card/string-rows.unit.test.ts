import { describe, expect, it } from 'vitest';
import { isInline, quoted, stringRows } from './string-rows.ts';

const rows = (text: string, original = text) =>
  [...stringRows({ bold: 'note' }, text, original)].map((one) => one.text);

describe('a text on a card', () => {
  it.each(['', 'two chairs', 'x'.repeat(200), 'a "b" c', '日本語'])('stands behind its label: %j', (text) => {
    expect(isInline(text)).toBe(true);
    expect(rows(text)).toEqual([`note: “${text}”`]);
  });

  it.each([
    'x'.repeat(201),
    'a\nb',
    'he said “yes',
    'no” he said',
    'שלום',
    'مرحبا',
    '\uFB2A',
    '\uFE70',
    '\u{10800}',
    '\u{1E900}',
  ])('stands below its label, where it cannot pass for something else: %j', (text) => {
    expect(isInline(text)).toBe(false);
    const [first, ...below] = rows(text);
    expect(first).toMatch(new RegExp(`^note: text of ${text.length} characters`));
    expect(below).toEqual(text.split('\n').map((line) => `│ ${line}`));
  });

  it('says how many lines it has, and how they end', () => {
    expect(rows('a b“')[0]).toBe('note: text of 4 characters');
    expect(rows('a\nb')[0]).toBe('note: text of 3 characters, 2 lines');
    expect(rows('a\nb', 'a\r\nb')[0]).toBe('note: text of 4 characters, 2 lines ending in CRLF');
  });

  it('shows spaces that nobody would see at the end of its lines', () => {
    expect(rows('a  b  \n c\n   ').slice(1)).toEqual(['│ a  b␣␣', '│  c', '│ ␣␣␣']);
  });

  it('is cut where a line is longer than a message may be', () => {
    const below = rows('x'.repeat(2_000)).slice(1);
    expect(below.map((line) => line.length)).toEqual([902, 902, 202]);
  });

  it('that is short stands on one line, whatever it holds', () => {
    expect(quoted('a\nb')).toEqual({ code: '“a⟦U+000A⟧b”' });
    expect(quoted('a\nb\nc')).not.toMatchObject({ code: expect.stringContaining('\n') });
  });
});
