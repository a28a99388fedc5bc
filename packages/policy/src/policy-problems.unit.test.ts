import { describe, expect, it } from 'vitest';
import { problemLine } from './load-policy.ts';
import { parsePolicy } from './policy.ts';

const file = (...gates: string[]) => `version: 1
tools: { allow: [research] }
gates:
${gates.map((gate) => `  - ${gate}\n`).join('')}defaults: { effect: allow }
`;
function problemsOf(text: string): string[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems.map(problemLine);
}
const quotes = (character: string) => `a ${character} at the beginning has to stand in quotes`;

describe('mistakes in the YAML of a policy', () => {
  it.each<[string, string]>([
    ['{ action: *.send, approval: required }', quotes('*')],
    ['{ action: *, approval: required }', quotes('*')],
    ['{ action: **, approval: required }', quotes('*')],
    ['{ action: *_send, approval: required, approvers: 2 }', quotes('*')],
    ['{ action: *.*.send, effect: deny }', quotes('*')],
    ['{ approval: required, action: *.send }', quotes('*')],
    ['action: *.send\n    approval: required', quotes('*')],
    ['{ action: a.b, when: *x, approval: required }', quotes('*')],
    ['{ action: &a.b, approval: required }', quotes('&')],
    ['{ action: @a.b, approval: required }', quotes('@')],
    ['{ action: `a.b`, approval: required }', quotes('`')],
    ['{ action: %a.b, approval: required }', quotes('%')],
    ['{ action: !a.b, approval: required }', `Unresolved tag: ${quotes('!')}`],
    [
      'action: a.b\n    when: "details.x" == "y"\n    approval: required',
      'something follows a closing quote: the whole value has to stand in quotes',
    ],
    [
      'action: a.b\n    when: [1, 2].exists(x, x == details.n)\n    approval: required',
      'something follows a closing bracket: the whole value has to stand in quotes',
    ],
    ['action: a.b\n    when: !details.known\n    approval: required', `Unresolved tag: ${quotes('!')}`],
    [
      'action: a.b\n    when: >10\n    approval: required',
      'a | or > at the beginning has to stand in quotes',
    ],
    [
      'action: a.b\n    when: details.x == "y: z"\n    approval: required',
      'a value with a colon in it has to stand in quotes, or the line is indented too far',
    ],
    ['{ action: a.b, approval: required', 'a { is not closed'],
    ['{ action: a.b, approval: required }}', 'a } is closed that was not opened'],
    ['{ action: "a.b, approval: required }', 'a quote is not closed'],
    [
      '{ action: a.b approval: required }',
      'a comma is missing, or a value with a colon in it has to stand in quotes',
    ],
    ['{ action: a.b, action: a.c, approval: required }', 'Map keys must be unique'],
    ['{ action: "\\a.\\q", approval: required }', 'a backslash in double quotes has to be written twice'],
    ['action: a.b\n\tapproval: required', 'Tabs are not allowed as indentation'],
  ])('are named with line and reason: %s', (gate, message) => {
    const [first] = problemsOf(file(gate));
    const line = first?.startsWith('line 5') === true ? 5 : 4;
    expect(first).toBe(`line ${line}: ${message}`);
    expect(line).toBe(/\n(?:\t| {4}when)/.test(gate) ? 5 : 4);
  });

  it('are named as what they are, and nothing is added that they have made', () => {
    expect(problemsOf(file('{ action: *.send, approval: required }'))).toEqual([`line 4: ${quotes('*')}`]);
    expect(problemsOf(file('{ action: @a, approval: required }'))).toEqual([`line 4: ${quotes('@')}`]);
    expect(problemsOf(file('{ action: a.b, approval: required'))).toEqual(['line 4: a { is not closed']);
    expect(problemsOf(`${file('{ action: a.b, effect: deny }')}screening: [x`)).toEqual([
      'line 6: a [ is not closed',
    ]);
  });

  it('do not keep an alias from being used', () => {
    const text = file(
      '{ action: a.b, when: &when "details.x > 1", approval: required }',
      '{ action: c.d, when: *when, effect: deny }',
    );
    expect(problemsOf(text)).toEqual([]);
    expect(
      problemsOf(file('{ action: *later, effect: deny }', '{ action: &later a.b, effect: deny }')),
    ).toEqual(['line 4: an alias stands before its anchor']);
  });

  it('never show what stands in the file', () => {
    const secret = 'hunter2-correct-horse';
    for (const text of [
      `a: *${secret}`,
      `a: @${secret}`,
      `a: b: ${secret}`,
      `"x" ${secret}`,
      `- ${secret}\n${secret}`,
      `a: !${secret}`,
      `? [${secret}]\n: 1`,
      `a: &${secret}`,
      `%${secret}\n---\na`,
      `a: |${secret}`,
      `a: "${secret}`,
      `'${secret}`,
    ]) {
      expect(problemsOf(text).join('\n')).not.toContain(secret);
      expect(problemsOf(text)).not.toEqual([]);
    }
  });

  it('end with a problem even where the parser gives up', () => {
    expect(problemsOf(`gates: ${'['.repeat(100_000)}`)).not.toEqual([]);
    expect(problemsOf('')).not.toEqual([]);
  });
});

describe('everything that is wrong', () => {
  it('is told in one go, from top to bottom', () => {
    const text = `version: 2
tools: { alow: [research] }
gates:
  - { action: *.send, aproval: required }
  - { action: "*.pay", when: "details.x >", approval: required }
  - { action: a.b, approval: required, effect: deny }
  - action: a.b
    when: "details.x > 1"
    aprovers: 2
    effect: deny
  - { action: A.B, effect: alow, approvers: many }
  - { action: a.b, limit: { count: true, per: all, within: 1h, max: 1.5 } }
  - { action: @all, effect: deny, effect: deny }
defaults: { effect: maybe }
`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^line 1: version: /),
      expect.stringMatching(/^line 2: tools\.allow: /),
      'line 2: tools: Unrecognized key: "alow"',
      `line 4: ${quotes('*')}`,
      'line 4: gates.0: Unrecognized key: "aproval"',
      expect.stringMatching(/^line 5: gates\.1\.when: /),
      'line 6: gates.2: must say either approval: required or effect: deny',
      'line 9: gates.3: Unrecognized key: "aprovers"',
      expect.stringMatching(/^line 11: gates\.4\.action: /),
      expect.stringMatching(/^line 11: gates\.4\.effect: /),
      expect.stringMatching(/^line 11: gates\.4\.approvers: /),
      'line 12: gates.5.limit.max: must be a whole number',
      `line 13: ${quotes('@')}`,
      'line 13: Map keys must be unique',
      expect.stringMatching(/^line 14: defaults\.effect: /),
    ]);
  });

  it('is told above the place where the form of the file breaks', () => {
    const text = file(
      '{ action: a.b, efect: deny }',
      '{ action: a.b, effect: deny',
      '{ action: c.d, efect: deny }',
    );
    expect(problemsOf(text)).toEqual(expect.arrayContaining(['line 4: gates.0: Unrecognized key: "efect"']));
    expect(problemsOf(text)).toEqual(expect.arrayContaining(['line 5: a { is not closed']));
    expect(problemsOf(text).join('\n')).not.toMatch(/defaults|gates\.1/);
  });
});
