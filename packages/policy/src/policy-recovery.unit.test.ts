import { describe, expect, it } from 'vitest';
import {
  problemsOf,
  tabs,
  beside,
  colon,
  comma,
  nested,
  dash,
  quotes,
  deny,
  file,
  lastTwo,
} from './policy-problems.fixture.ts';

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
