import { describe, expect, it } from 'vitest';
import { cleanMessage, messageText } from './message-text.ts';

describe('text of a message', () => {
  it('is cut to 4096 UTF-16 units and says how much is missing', () => {
    const text = messageText('x'.repeat(5_000));
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(text).toMatch(/^x+\n… \(cut: \d+ more characters\)$/);
    const missing = Number(/\d+/.exec(text.slice(-40))?.[0]);
    expect(text.indexOf('\n') + missing).toBe(5_000);
    expect(messageText('x'.repeat(4_096))).toBe('x'.repeat(4_096));
  });

  it('is never cut between the halves of a character', () => {
    for (const lead of ['', 'a', 'ab']) {
      const text = messageText(lead + '😀'.repeat(3_000));
      expect(text.isWellFormed()).toBe(true);
      expect(text.length).toBeLessThanOrEqual(4_096);
    }
  });

  it('shows what reverses or hides text, and keeps tabs and line breaks', () => {
    expect(messageText('pay \u202Eecila\u202C')).toBe('pay ⟦U+202E⟧ecila⟦U+202C⟧');
    expect(messageText('one\r\n\ttwo')).toBe('one\n\ttwo');
  });

  it('holds no secret, and no half of a character', () => {
    expect(messageText('password=hunter22hunter22')).not.toContain('hunter22');
    expect(messageText('a\uD800b').isWellFormed()).toBe(true);
  });

  it('is never empty, since Telegram takes no empty message', () => {
    expect(messageText(' \n')).toBe('(empty message)');
  });
});

it('is whole where there is no limit', () => {
  const long = `${'a line\n'.repeat(1_000)}\u202eend`;
  expect(messageText(long)).toContain('(cut: ');
  expect(cleanMessage(long)).toBe(`${'a line\n'.repeat(1_000)}⟦U+202E⟧end`);
});
