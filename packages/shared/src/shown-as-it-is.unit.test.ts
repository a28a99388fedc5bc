import { describe, expect, it } from 'vitest';
import { isShownAsItIs } from './shown-as-it-is.ts';

describe('a text that people see as it is', () => {
  it.each([
    'Hello',
    'Dear Ann,\n\n\tSee you.',
    'Grüße, Łódź, 東京, שלום, नमस्ते',
    '\u{1F469}\u200D\u{1F469}\u200D\u{1F467} \u2764\uFE0F \u{1F44D}\u{1F3FD}',
    'می\u200Cخواهم',
    '',
  ])('%j is one', (text) => expect(isShownAsItIs(text)).toBe(true));

  it.each([
    'a\u202Eb',
    'a\u2066b',
    'a\u200Bb',
    'a\u200Eb',
    'a\u200Db',
    'a\u200Cb',
    'a\u2060b',
    'a\uFEFFb',
    'a\u00ADb',
    'a\u061Cb',
    'a\u2028b',
    'a\u2029b',
    'a\u{E0041}b',
    'a\u{E0100}b',
    'a\u3164b',
    'a\u2800b',
    'a\u0085b',
    'a\0b',
    'a\u001B[2Jb',
    'a\rb',
    'a\uD800',
  ])('%j is none', (text) => expect(isShownAsItIs(text)).toBe(false));
});
