import { describe, expect, it } from 'vitest';
import { problemsOf, beside, colon, nested, dash, deny, file, lastTwo } from './policy-problems.fixture.ts';

describe('a broken line hides no other line of its gate', () => {
  const gate = [
    '  - action: mail.send',
    '    limit:',
    '      count: true',
    '      per: all',
    '      within: 1h',
    '      max: 10',
  ];
  it.each<[string, number, string, string]>([
    [
      'no colon',
      0,
      '  - action mail.send',
      'a key has to be followed by a colon and a space on its own line',
    ],
    [
      'no blank',
      0,
      '  - action:mail.send',
      'a key has to be followed by a colon and a space on its own line',
    ],
    ['no blank behind the dash', 0, '  -action: mail.send', dash],
    ['a colon', 0, '  - action: mail: send', nested],
    ['a bracket', 0, '  - action: [mail.send', 'a [ is not closed'],
    ['a quote', 0, "  - action: 'mail.send", 'a quote is not closed'],
    [
      'no colon before keys',
      1,
      '    limit',
      'a key has to be followed by a colon and a space on its own line',
    ],
    ['a quote in a limit', 2, '      count: "true', 'a quote is not closed'],
    ['a brace in a limit', 3, '      per: {all', 'a { is not closed'],
    ['a vertical bar', 4, '      within: |1h', 'a | or > at the beginning has to stand in quotes'],
    ['one blank less', 4, '     within: 1h', beside],
    ['no colon in a limit', 5, '      max 10', colon],
  ])('%s', (_what, index, line, message) => {
    const gates = ['  - { action: pay, effect: deny }', ...gate.with(index, line), '    effect: dny'];
    expect(problemsOf(file(...gates))).toEqual([
      `line ${index + 5}: ${message}`,
      `line 11: gates.1.effect: ${deny}`,
      ...lastTwo(12),
    ]);
  });

  const lines = file(...gate, '    effect: dny', '  - { action: pay, effect: deny }').split('\n');
  it.each<[string, (line: string) => string]>([
    ['a tab', (line) => `\t${line.trimStart()}`],
    ['a blank more', (line) => ` ${line}`],
    ['two blanks more', (line) => `  ${line}`],
    ['a blank less', (line) => line.replace(/^ /, '')],
    ['no colon', (line) => line.replace(':', '')],
    ['no blank', (line) => line.replace(': ', ':')],
    ['no dash', (line) => line.replace('- ', '')],
    ['a bracket', (line) => line.replace(': ', ': [')],
    ['a brace', (line) => line.replace(': ', ': {')],
    ['a quote', (line) => line.replace(': ', ': "')],
    ['a closing brace', (line) => `${line}}`],
    ['a second colon', (line) => `${line} : x`],
  ])('nor what stands behind the gates, whichever line has %s', (_what, change) => {
    for (let index = 3; index < 11; index += 1) {
      const problems = problemsOf(lines.with(index, change(lines[index] ?? '')).join('\n'));
      expect(problems).toEqual(expect.arrayContaining(lastTwo(12)));
    }
  });
});
