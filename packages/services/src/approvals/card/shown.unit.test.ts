import { describe, expect, it } from 'vitest';
import { noWarnings } from './card-warnings.ts';
import { hasWindowsLines, shown, shownMasked } from './shown.ts';

describe('a text from outside', () => {
  it.each<[text: string, shown: string]>([
    ['two chairs\nand a table', 'two chairs\nand a table'],
    // All lines end as Windows ends them, or each sign is shown.
    ['a\r\nb\r\n', 'a\nb\n'],
    ['a\r\nb\nc', 'a⟦U+000D⟧\nb\nc'],
    ['a\nb\r\n', 'a\nb⟦U+000D⟧\n'],
    ['a\rb', 'a⟦U+000D⟧b'],
    ['a\tb', 'a⟦U+0009⟧b'],
    ['a\u202Eb', 'a⟦U+202E⟧b'],
    // What we write ourselves.
    ['⟦hidden: x⟧', '⟦U+27E6⟧hidden: x⟧'],
    ['end␣', 'end⟦U+2423⟧'],
    // Letters that look like others have their number within a Latin word, and are letters in one of their own.
    ['p\u0430ypal', 'p⟦U+0430⟧ypal'],
    ['\u0430', '\u0430'],
    ['привет all', 'привет all'],
    ['αβγ', 'αβγ'],
    ['Ωmega', '⟦U+03A9⟧mega'],
    ['\u0555k', '⟦U+0555⟧k'],
    ['\u13A0b', '⟦U+13A0⟧b'],
    ['\u2C80b', '⟦U+2C80⟧b'],
    // Of a script that looks like none of Latin.
    ['日本x', '日本x'],
    // A mark joins what stands before and behind it.
    ['pe\u0301\u0430', 'pe\u0301⟦U+0430⟧'],
  ])('%j is shown as %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each<[text: string, windows: boolean]>([
    ['a\r\nb', true],
    ['a\r\nb\n', false],
    ['\na\r\n', false],
    ['a\nb', false],
    ['ab', false],
  ])('%j has lines of Windows: %s', (text, windows) => {
    expect(hasWindowsLines(text)).toBe(windows);
  });
});

describe('what looks like a secret', () => {
  const secret = `sk-${'Q7xK2mP9'.repeat(5)}`;

  it('is hidden, counted, and can still be told from another', () => {
    const warnings = noWarnings();
    const text = shownMasked(`use ${secret}\tnow`, warnings);
    expect(text).toMatch(/^use sk-⟦hidden: openai-key, 40 characters, fingerprint [\da-f]+⟧⟦U\+0009⟧now$/);
    expect(warnings).toEqual({ ...noWarnings(), hidden: 1 });
    expect(shownMasked(`use ${secret}\tnow`, noWarnings())).toBe(text);
    expect(shownMasked(`use ${secret.replace('Q', 'R')}\tnow`, noWarnings())).not.toBe(text);
  });

  it('is told by the name that it stands under', () => {
    const warnings = noWarnings();
    expect(shownMasked('hunter2hunter2', warnings, 'password')).not.toContain('hunter2');
    expect(warnings).not.toEqual(noWarnings());
    expect(shownMasked('hunter2hunter2', noWarnings(), 'colour')).toBe('hunter2hunter2');
  });

  it('counts a text once, and one without secrets not at all', () => {
    const warnings = noWarnings();
    shownMasked(`${secret} and ${secret}`, warnings);
    expect(warnings.hidden).toBe(1);
    shownMasked('nothing', warnings);
    expect(warnings.hidden).toBe(1);
  });
});
