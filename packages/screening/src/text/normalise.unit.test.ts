import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';
import { reversed, rotated } from './reversal.ts';
import { joined, spanOf } from './view.ts';

describe('a text as a person reads it', () => {
  it.each([
    ['Ignore', 'ignore'],
    ['ＩＧＮＯＲＥ', 'ignore'],
    ['𝓲𝓰𝓷𝓸𝓻𝓮', 'ignore'],
    ['ﬁne', 'fine'],
    ['Éà\u0301ÑÇ', 'eanc'],
    ['Straße Øl Łódź ısı Æ œ Đ', 'strasse ol lodz isi ae oe d'],
    ['й Ё ά', 'и е α'],
    ['한국어 がぎ', '한국어 がぎ'],
    ['a\u200bb\u00adc\u034fd\u061ce\u115ff\u1160g', 'abcdefg'],
    ['a\u17b4b\u17b5c\u180bd\u180fe\u200ff\u202ag\u202e', 'abcdefg'],
    ['a\u2060b\u206fc\u3164d\ufe00e\ufe0ff\ufeffg\uffa0h', 'abcdefgh'],
    ['a\ufff9b\ufffbc\u{1d173}d\u{1d17a}e\u{e0001}f\u{e0fff}', 'abcdef'],
    ['a\u00a0b\u2003c\u3000d', 'a b c d'],
    ['🇮🇬🇳', 'ign'],
    ['a\u{e0049}\u{e0067}\u{e006e}b', 'a ignb'],
    ['\ufdfa', 'صلى '],
    ['\ud800a', ' a'],
    ['&#105;gn%6f\\u0072\\x65', 'ignore'],
    ['a%41Z[`{@', 'aaz[`{@'],
    ['іgnоrе', 'ignore'],
    ['ѕуѕtеm', 'system'],
    ['ԁԛԝһӏ x', 'dqwhl x'],
    ['паr и', 'nar и'],
    ['рас и', 'рас и'],
  ])('%s is read as %s', (text, plain) => expect(normalise(text).text).toBe(plain));

  it('knows where each letter stood', () => {
    const view = normalise('é\u200b&#105;ß🇬');
    expect(view.text).toBe('eissg');
    expect([0, 1, 2, 3, 4].map((at) => spanOf(view, at, at + 1))).toEqual([
      { start: 0, end: 1 },
      { start: 2, end: 8 },
      { start: 8, end: 9 },
      { start: 8, end: 9 },
      { start: 9, end: 11 },
    ]);
    expect(spanOf(view, 1, 5)).toEqual({ start: 2, end: 11 });
    expect(spanOf(normalise('plain'), 1, 3)).toEqual({ start: 1, end: 3 });
  });

  it('counts what was done to it', () =>
    expect(
      normalise('a\u200bb \u200bc \u{e0041}\u{e0042} \u202e\u202d\u202c xа &#97;&#48;').obfuscation,
    ).toEqual({
      tags: 2,
      split: 1,
      bidiOverrides: 2,
      masked: 1,
      escaped: 1,
    }));
});

describe('a text that is turned round', () => {
  it('is read in ROT13', () =>
    expect(rotated({ text: 'vtaber nz NZ 1' })).toEqual({ text: 'ignore am NZ 1', hidden: 'ROT13' }));

  it('is read backwards, and knows where each letter stood', () => {
    const view = reversed(normalise('cß a'));
    expect({ text: view.text, hidden: view.hidden }).toEqual({ text: 'a ssc', hidden: 'reversed letters' });
    expect(spanOf(view, 0, 1)).toEqual({ start: 3, end: 4 });
    expect(spanOf(view, 0, 3)).toEqual({ start: 1, end: 4 });
    expect(spanOf(reversed({ text: 'abc' }), 0, 2)).toEqual({ start: 1, end: 3 });
  });

  it('is joined out of pieces, each standing for its place', () => {
    const view = joined(
      ['ab', 'c'],
      [
        { start: 5, end: 9 },
        { start: 20, end: 22 },
      ],
    );
    expect(view.text).toBe('ab\n\nc');
    expect(Array.from(view.starts)).toEqual([5, 5, 5, 5, 20]);
    expect(Array.from(view.ends)).toEqual([9, 9, 9, 9, 22]);
  });
});
