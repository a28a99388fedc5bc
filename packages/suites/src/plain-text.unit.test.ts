import { describe, expect, it } from 'vitest';
import { endsOf, firstOf, lastOf, plainText } from './plain-text.ts';

describe('text that a program wrote', () => {
  it('loses colours, window titles and control characters, and keeps lines and tabs', () => {
    expect(plainText('\u001b[31mred\u001b[0m\u001b]0;title\u0007\ta\r\nb\rc\u0000\u0008d')).toBe(
      'red\ta\nb\ncd',
    );
  });

  it('has no half characters, which a jsonb column would refuse', () => {
    expect(plainText('a\ud83d')).toBe('a\ufffd');
    expect(firstOf('😀😀', 3)).toBe('😀\n[1 more characters]');
    expect(lastOf('😀😀', 3)).toBe('[1 characters before this]\n😀');
  });

  it('is taken in linear time, also when it is made of unfinished sequences', () => {
    const hostile = '\u001b['.repeat(500_000) + '0'.repeat(500_000) + '\u001b]'.repeat(500_000);
    const plain = plainText(hostile);
    expect(plain.length).toBeLessThan(hostile.length);
  });

  it('says how much was cut', () => {
    expect(firstOf('abcdef', 2)).toBe('ab\n[4 more characters]');
    expect(lastOf('abcdef', 2)).toBe('[4 characters before this]\nef');
    expect(lastOf('ab', 2)).toBe('ab');
    expect(endsOf('abcdefghij', 4)).toBe('a\n[6 characters between]\nhij');
    expect(endsOf('abcd', 4)).toBe('abcd');
    expect(endsOf('😀😀😀😀', 4)).toBe('\n[4 characters between]\n😀');
  });
});
