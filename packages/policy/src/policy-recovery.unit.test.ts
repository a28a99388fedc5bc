import { describe, expect, it } from 'vitest';
import { problemLine } from './load-policy.ts';
import { parsePolicy } from './policy.ts';

function problemsOf(text: string): string[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems.map(problemLine);
}

const tabs = 'Tabs are not allowed as indentation';
const beside = 'the line is not indented as those beside it';
const colon = 'a key has to be followed by a colon and a space';
const comma = 'a comma is missing, or a value with a colon in it has to stand in quotes';
const nested = 'a value with a colon in it has to stand in quotes, or the line is indented too far';
const dash = 'an item of a list has to begin with a dash and a blank';
const quotes = (character: string) => `a ${character} at the beginning has to stand in quotes`;
const deny = 'Invalid input: expected "deny"';
const effects = 'Invalid option: expected one of "allow"|"deny"|"require_approval"';

/** Line 4 is the first of the gates; what stands behind them is wrong as well. */
const file = (...gates: string[]) =>
  [
    'version: 1',
    'tools: { allow: [research] }',
    'gates:',
    ...gates,
    'defaults: { effect: perhaps }',
    'extra: 1',
    '',
  ].join('\n');
const lastTwo = (line: number) => [
  `line ${line}: defaults.effect: ${effects}`,
  `line ${line + 1}: Unrecognized key: "extra"`,
];

describe('a mistake in the form of one gate hides nothing behind it', () => {
  it.each<[string, string[], string[]]>([
    [
      'a tab before an item',
      [
        '  - { action: mail.send, effect: deny }',
        '\t- { action: mail.drop, effect: deny }',
        '  - { action: pay, effect: dny }',
      ],
      [`line 5: ${tabs}`, `line 6: gates.2.effect: ${deny}`],
    ],
    [
      'a tab before an item with another mistake',
      ['  - { action: mail.send, effect: deny }', '\t- { action: mail.drop, efect: deny, effect: deny }'],
      [`line 5: ${tabs}`, 'line 5: gates.1: Unrecognized key: "efect"'],
    ],
    [
      'a tab in an item',
      ['  - action: mail.send', '\teffect: deny', '  - { action: pay, effect: dny }'],
      [`line 5: ${tabs}`, `line 6: gates.1.effect: ${deny}`],
    ],
    [
      'tabs everywhere',
      ['\t- action: mail.send', '\t  effect: deny', '\t- action: pay', '\t  effect: dny'],
      [`line 4: ${tabs}`, `line 6: ${tabs}`, `line 7: gates.1.effect: ${deny}`],
    ],
    [
      'a key with one blank less',
      ['  - action: mail.send', '   effect: deny', '  - action: Pay', '    effect: deny'],
      [
        `line 5: ${beside}`,
        'line 6: gates.1.action: must be an action name in lower case, in which * stands for anything',
      ],
    ],
    [
      'a key with one blank more',
      ['  - action: mail.send', '     effect: dny', '  - { action: pay, effect: dny }'],
      [`line 5: ${beside}`, `line 5: gates.0.effect: ${deny}`, `line 6: gates.1.effect: ${deny}`],
    ],
    [
      'a key below the dash',
      ['  - action: mail.send', '  effect: dny', '  - { action: pay, effect: dny }'],
      [`line 5: ${beside}`, `line 5: gates.0.effect: ${deny}`, `line 6: gates.1.effect: ${deny}`],
    ],
    [
      'a key between two places',
      [
        ...['  - action: mail.send', '    limit:', '      count: true', '     per: all', '    effect: deny'],
        '  - { action: pay, effect: dny }',
      ],
      [`line 7: ${beside}`, `line 9: gates.1.effect: ${deny}`],
    ],
    [
      'an item with one blank more',
      [
        '  - { action: mail.send, effect: deny }',
        '   - { action: pay, effect: dny }',
        '  - { action: x, efect: deny }',
      ],
      [`line 5: ${beside}`, `line 5: gates.1.effect: ${deny}`, 'line 6: gates.2: Unrecognized key: "efect"'],
    ],
    [
      'an item with one blank less',
      [
        '  - { action: mail.send, effect: deny }',
        ' - { action: pay, effect: dny }',
        '  - { action: x, efect: deny }',
      ],
      [`line 5: ${beside}`, `line 5: gates.1.effect: ${deny}`, 'line 6: gates.2: Unrecognized key: "efect"'],
    ],
    [
      'six mistakes in a row',
      [
        '  - { action: db.copy: now, effect: deny }',
        '  - { action db.copy, effect: deny }',
        '  - { action: db.copy, effect deny }',
        '  - { action:db.copy, effect: deny }',
        '  - { action: #copy, effect: deny }',
        '  - { action: db.copy, effect: dny }',
      ],
      [
        `line 4: ${comma}`,
        `line 5: ${colon}`,
        `line 6: ${colon}`,
        `line 7: ${colon}`,
        `line 8: ${quotes('#')}`,
        `line 9: gates.5.effect: ${deny}`,
      ],
    ],
    [
      'a missing colon beside another mistake',
      ['  - { action db.copy, effect: deny, aprovers: 2 }'],
      [`line 4: ${colon}`, 'line 4: gates.0: Unrecognized key: "aprovers"'],
    ],
    [
      'keys on one line',
      ['  - action: *.copy, effect: deny', '  - { action: pay, effect: dny }'],
      ['line 4: several keys on one line have to stand in { }', `line 5: gates.1.effect: ${deny}`],
    ],
    [
      'a colon in a value',
      ['  - action: db.*: now', '    effect: deny', '  - { action: pay, effect: dny }'],
      [`line 4: ${nested}`, `line 6: gates.1.effect: ${deny}`],
    ],
    [
      'an open bracket',
      ['  - { action: mail.send, effect: deny', '  - { action: pay, effect: dny }'],
      ['line 4: a { is not closed', `line 5: gates.1.effect: ${deny}`],
    ],
    [
      'an open list in a block',
      ['  - action: [mail, send', '    effect: deny', '  - { action: pay, effect: dny }'],
      ['line 4: a [ is not closed', `line 6: gates.1.effect: ${deny}`],
    ],
    [
      'an open quote',
      ['  - { action: mail.send, when: "details.x > 1, effect: deny }', '  - { action: pay, effect: dny }'],
      ['line 4: a quote is not closed', `line 5: gates.1.effect: ${deny}`],
    ],
    [
      'an open quote in a block',
      [
        '  - action: mail.send',
        "    when: 'details.x > 1",
        '    effect: deny',
        '  - { action: pay, effect: dny }',
      ],
      ['line 5: a quote is not closed', `line 7: gates.1.effect: ${deny}`],
    ],
    [
      'a bracket too many',
      ['  - { action: mail.send, effect: deny }}', '  - { action: pay, effect: dny }'],
      ['line 4: a } is closed that was not opened', `line 5: gates.1.effect: ${deny}`],
    ],
    [
      'a dash without a blank',
      [
        '  - { action: mail.send, effect: deny }',
        '  -{ action: mail.drop, effect: deny }',
        '  - { action: pay, effect: dny }',
      ],
      [`line 5: ${dash}`, `line 6: gates.2.effect: ${deny}`],
    ],
    [
      'no dash',
      [
        '  - { action: mail.send, effect: deny }',
        '  { action: mail.drop, effect: deny }',
        '  - { action: pay, effect: dny }',
      ],
      [`line 5: ${dash}`, `line 6: gates.2.effect: ${deny}`],
    ],
    [
      'a text that begins with a percent sign, then comments and blank lines',
      [
        '  - action: %mail',
        '    effect: deny',
        '  # why',
        '',
        '\t- action: [',
        '',
        '  - { action: pay, effect: dny }',
      ],
      [
        `line 4: ${quotes('%')}`,
        'line 8: a [ is not closed',
        `line 8: ${tabs}`,
        `line 10: gates.2.effect: ${deny}`,
      ],
    ],
    [
      'text over several lines that looks like keys and items',
      [
        '  - action: mail.send',
        '    when: |',
        '      1 > 0 || details.a in',
        '        [1]',
        '    effect: dny',
        '\t- action: pay',
        '\t  effect: deny',
      ],
      [`line 8: gates.0.effect: ${deny}`, `line 9: ${tabs}`],
    ],
    [
      'a list without indentation',
      ['- action: mail.send', '\teffect: deny', '- { action: pay, effect: dny }'],
      [`line 5: ${tabs}`, `line 6: gates.1.effect: ${deny}`],
    ],
  ])('%s', (_what, gates, expected) => {
    expect(problemsOf(file(...gates))).toEqual([...expected, ...lastTwo(4 + gates.length)]);
    const windows = `\uFEFF${file(...gates).replaceAll('\n', '\r\n')}`;
    expect(problemsOf(windows)).toEqual([...expected, ...lastTwo(4 + gates.length)]);
  });
});

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
