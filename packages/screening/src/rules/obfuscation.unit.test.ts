import { describe, expect, it } from 'vitest';
import { screen } from '../screen.ts';

const tag = '\u{e0041}';
const found = (text: string, source: 'user' | 'tool' | 'web') =>
  screen(text, { source, model: null }).findings.filter(({ family }) => family === 'obfuscation');

describe('what a text does to be read otherwise than it is seen', () => {
  it.each([
    { rule: 'tags', user: 0.6, other: 0.6, text: `a ${tag.repeat(8)}`, less: `a ${tag.repeat(7)}` },
    {
      rule: 'invisible',
      user: 0.25,
      other: 0.35,
      text: 'a\u200bb\u200bc\u200bd\u200be',
      less: 'a\u200bb\u200bc\u200bd \u200be',
    },
    { rule: 'turned', user: 0.25, other: 0.35, text: 'a \u202e b', less: 'a \u202c b' },
    { rule: 'turned', user: 0.25, other: 0.35, text: 'a \u202d b', less: 'a \u202f b' },
    { rule: 'look_alikes', user: 0.25, other: 0.35, text: 'xаbсdе', less: 'xаbсd' },
    { rule: 'escapes', user: 0.2, other: 0.3, text: '&#97;'.repeat(12), less: `${'&#97;'.repeat(11)}&#49;` },
  ])('$rule', ({ rule, user, other, text, less }) => {
    const reason = {
      tags: 'has letters that cannot be seen (Unicode tags)',
      invisible: 'has invisible characters inside words',
      turned: 'turns the direction of its text',
      look_alikes: 'mixes letters that look alike',
      escapes: 'writes plain letters as escapes',
    }[rule];
    for (const source of ['user', 'tool', 'web'] as const) {
      expect(found(text, source)).toEqual([
        {
          family: 'obfuscation',
          rule: `obfuscation.${rule}`,
          reason,
          start: 0,
          end: text.length,
          weight: expect.closeTo(source === 'user' ? user : other, 6),
        },
      ]);
      expect(found(less, source)).toEqual([]);
    }
  });
});
