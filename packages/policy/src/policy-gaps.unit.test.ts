import { describe, expect, it } from 'vitest';
import { problemsOf, tabs, beside, colon, deny, effects, file, lastTwo } from './policy-problems.fixture.ts';

describe('a mistake in the form of one top-level key hides nothing behind it', () => {
  const rest = ['gates:', '  - { action: pay, effect: dny }'];
  it.each<[string, string[], string[]]>([
    [
      'a key with one blank more',
      ['version: 1', 'tools: { allow: research }', 'defaults:', '  effect: allow', '   extra: 1', ...rest],
      [
        'line 2: tools.allow: Invalid input: expected array, received string',
        `line 5: ${beside}`,
        'line 5: defaults: Unrecognized key: "extra"',
        `line 7: gates.0.effect: ${deny}`,
      ],
    ],
    [
      'a tab',
      ['version: 1', 'tools: { allow: [x] }', 'defaults:', '\teffect: perhaps', ...rest],
      [`line 4: ${tabs}`, `line 4: defaults.effect: ${effects}`, `line 6: gates.0.effect: ${deny}`],
    ],
    [
      'a top-level key that is indented',
      ['version: 1', 'tools: { allow: [x] }', ' defaults: { effect: perhaps }', ...rest],
      [`line 3: ${beside}`, `line 3: defaults.effect: ${effects}`, `line 5: gates.0.effect: ${deny}`],
    ],
    [
      'a top-level key that is indented behind the gates',
      ['version: 1', 'tools: { allow: [x] }', ...rest, ' defaults: { effect: perhaps }'],
      [`line 4: gates.0.effect: ${deny}`, `line 5: ${beside}`, `line 5: defaults.effect: ${effects}`],
    ],
    [
      'a key without its colon',
      ['version: 1', 'tools { allow: [x] }', 'defaults: { effect: perhaps }', ...rest],
      [`line 2: ${colon}`, `line 3: defaults.effect: ${effects}`, `line 5: gates.0.effect: ${deny}`],
    ],
    [
      'a key without a blank behind its colon',
      ['version:1', 'tools: { allow: [x] }', 'defaults: { effect: perhaps }', ...rest],
      [`line 1: ${colon}`, `line 3: defaults.effect: ${effects}`, `line 5: gates.0.effect: ${deny}`],
    ],
    [
      'an open list',
      ['version: 1', 'tools: { allow: [x }', 'defaults: { effect: perhaps }', ...rest],
      ['line 2: a [ is not closed', `line 3: defaults.effect: ${effects}`, `line 5: gates.0.effect: ${deny}`],
    ],
  ])('%s', (_what, lines, expected) => expect(problemsOf(`${lines.join('\n')}\n`)).toEqual(expected));
});

describe('what is missing', () => {
  it.each<[string, string, string[]]>([
    ['everything', '', ['line 1: the file is empty']],
    ['everything but a comment', '# gates\n', ['line 1: the file is empty']],
    ['keys', '- version: 1\n', ['line 1: the file has to consist of keys such as version, tools and gates']],
    ['the tools', 'version: 1\ngates: []\ndefaults: { effect: allow }\n', ['line 1: tools: is missing']],
    [
      'values',
      'version: 1\ntools:\ngates:\n  -\n  - { effect: deny }\ndefaults: {}\n',
      [
        'line 2: tools: is empty',
        'line 4: gates.0: is empty',
        'line 5: gates.1.action: is missing',
        'line 6: defaults.effect: is missing',
      ],
    ],
  ])('is named: %s', (_what, text, expected) => expect(problemsOf(text)).toEqual(expected));
});

describe('a condition', () => {
  const invalid = (line: number, gate: number) =>
    expect.stringMatching(new RegExp(`^line ${line}: gates\\.${gate}\\.when: is not a valid condition`));

  it('is checked in gates with other mistakes', () => {
    const gates = [
      '  - { action: mail.send, efect: deny, when: "details.x >" }',
      '  - { action: mail.send, effect: deny, limit: { count: 7 }, when: "details.x > && 1" }',
      '  - { action: Mail, effect: deny, approval: required, when: "nothing > 1" }',
    ];
    expect(problemsOf(file(...gates))).toEqual([
      'line 4: gates.0: Unrecognized key: "efect"',
      invalid(4, 0),
      'line 5: gates.1.limit.count: must be true, or a path such as details.recipients',
      ...['per', 'within', 'max'].map((key) => `line 5: gates.1.limit.${key}: is missing`),
      invalid(5, 1),
      expect.stringMatching(/^line 6: gates\.2\.action: must be an action name/),
      'line 6: gates.2: must say either approval: required or effect: deny',
      invalid(6, 2),
      ...lastTwo(7),
    ]);
  });
});

it('no message shows what stands in the file', () => {
  const secret = 'hunter2-correct-horse';
  for (const line of [
    `  - { action:${secret}, effect: deny }`,
    `  - { action ${secret}, effect: deny }`,
    `  - action:${secret}`,
    `\t- { action: ${secret}: x }`,
    `   - action: "${secret}`,
    `  -${secret}`,
    `${secret}`,
    `\t${secret}`,
    `  - action: &a *${secret}`,
    `  - { "action ${secret}": deny }`,
  ]) {
    const problems = problemsOf(file('  - { action: pay, effect: deny }', line));
    expect(problems.length).toBeGreaterThan(2);
    expect(problems.join('\n')).not.toContain(secret);
  }
});
