import { describe, expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

describe('text in which nothing is invisible', () => {
  it.each<[string, string, string]>([
    ['bidi overrides', 'pay \u202Eecila\u202C', 'pay ⟦U+202E⟧ecila⟦U+202C⟧'],
    ['bidi isolates', '\u2066a\u2069', '⟦U+2066⟧a⟦U+2069⟧'],
    [
      'zero-width ones',
      'a\u200Bb\u200Cc\u200Dd\uFEFFe\u2060',
      'a⟦U+200B⟧b⟦U+200C⟧c⟦U+200D⟧d⟦U+FEFF⟧e⟦U+2060⟧',
    ],
    ['controls', 'a\u0000\u0007\u001B\u007F\u0085\r', 'a⟦U+0000⟧⟦U+0007⟧⟦U+001B⟧⟦U+007F⟧⟦U+0085⟧⟦U+000D⟧'],
    ['tags', 'a\u{E0041}\u{E0100}', 'a⟦U+E0041⟧⟦U+E0100⟧'],
    ['soft hyphens and joiners', 'a\u00ADb\u034Fc', 'a⟦U+00AD⟧b⟦U+034F⟧c'],
    ['fillers', '\u3164\u115F\u2800', '⟦U+3164⟧⟦U+115F⟧⟦U+2800⟧'],
    ['other spaces and separators', 'a\u00A0b\u2003c\u2028d', 'a⟦U+00A0⟧b⟦U+2003⟧c⟦U+2028⟧d'],
    ['private use and halves of characters', '\uE000\uD800x', '⟦U+E000⟧⟦U+D800⟧x'],
    ['marks that pile up', `a${'\u0301'.repeat(6)}`, `a${'\u0301'.repeat(4)}⟦U+0301⟧⟦U+0301⟧`],
    ['selectors that select nothing', 'a\uFE0Fb\uFE00', 'a⟦U+FE0F⟧b⟦U+FE00⟧'],
    ['a joiner that joins nothing', '👩\u200Dx', '👩⟦U+200D⟧x'],
  ])('shows %s', (_what, text, shown) => expect(visibleText(text)).toBe(shown));

  it.each(['plain text, 1.5 € – “quoted”', 'one\n\ttwo', 'é ñ ạ̈ 中文 עברית العربية', '❤️ 👨‍👩‍👧 👍🏽 🏳️‍🌈'])(
    'leaves %j alone',
    (text) => expect(visibleText(text)).toBe(text),
  );
});
