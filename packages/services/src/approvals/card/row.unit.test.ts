import { describe, expect, it } from 'vitest';
import { cutText, joinPlain, joinRows, lengthOf, packRows, row } from './row.ts';

describe('a row of a message', () => {
  it('has styles around its spans, and markup nowhere else', () => {
    expect(row({ bold: 'To' }, ': ', { code: '<b>&"' }, ' <i>')).toEqual({
      html: '<b>To</b>: <code>&lt;b&gt;&amp;&quot;</code> &lt;i&gt;',
      text: 'To: <b>&" <i>',
      length: 13,
    });
    expect(row()).toEqual({ html: '', text: '', length: 0 });
  });

  it('is as long as what people see of it, in UTF-16 units', () => {
    expect(row({ bold: '😀&' }).length).toBe(3);
  });

  it('stands below the one before', () => {
    const rows = [row({ bold: 'a' }), row('b<')];
    expect(joinRows(rows)).toBe('<b>a</b>\nb&lt;');
    expect(joinPlain(rows)).toBe('a\nb<');
    expect(lengthOf(rows)).toBe(joinPlain(rows).length);
  });
});

describe('rows in pieces', () => {
  const rows = (...lengths: number[]) => lengths.map((length) => row('x'.repeat(length)));
  const packed = (limit: number, ...lengths: number[]) =>
    packRows(rows(...lengths), limit).map((piece) => piece.map(({ length }) => length));

  it.each<[limit: number, lengths: number[], pieces: number[][]]>([
    [10, [], []],
    [10, [10], [[10]]],
    [10, [4, 5], [[4, 5]]],
    [10, [4, 6], [[4], [6]]],
    [10, [2, 2, 4], [[2, 2, 4]]],
    [10, [2, 2, 5], [[2, 2], [5]]],
    [10, [10, 0], [[10], [0]]],
    [
      10,
      [9, 0, 9, 0, 3, 3],
      [
        [9, 0],
        [9, 0],
        [3, 3],
      ],
    ],
  ])('are as few as hold them, line breaks included (%i: %j)', (limit, lengths, pieces) => {
    expect(packed(limit, ...lengths)).toEqual(pieces);
    for (const piece of packRows(rows(...lengths), limit)) expect(lengthOf(piece)).toBeLessThanOrEqual(limit);
  });
});

describe('a long text', () => {
  it.each<[text: string, length: number, pieces: string[]]>([
    ['', 4, ['']],
    ['abcd', 4, ['abcd']],
    ['abcde', 4, ['abcd', 'e']],
    ['abcdefgh', 4, ['abcd', 'efgh']],
    ['abc😀d', 4, ['abc', '😀d']],
    // What stands for a character is not torn apart.
    ['ab⟦U+202E⟧c', 9, ['ab', '⟦U+202E⟧c']],
    ['a⟦⟧b', 3, ['a⟦⟧', 'b']],
    ['a⟦b\nc⟧', 4, ['a⟦b\n', 'c⟧']],
  ])('%j is cut at %i units, within no character', (text, length, pieces) => {
    expect([...cutText(text, length)]).toEqual(pieces);
  });

  it('is torn apart within a sign of its own that is longer than any of ours', () => {
    const [first] = cutText(`a⟦${'b'.repeat(201)}⟧`, 10);
    expect(first).toBe('a⟦bbbbbbbb');
    expect([...cutText(`a⟦${'b'.repeat(200)}⟧`, 202)]).toEqual(['a', `⟦${'b'.repeat(200)}⟧`]);
  });
});
