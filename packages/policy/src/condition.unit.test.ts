import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './policy.ts';
import { policySchemaText } from './policy-schema.ts';

const withGate = (gate: string) =>
  parsePolicy(`version: 1
tools: { allow: [] }
gates:
  - { action: a, approval: required }
  - ${gate}
defaults: { effect: allow }
`);

describe('a condition in the policy file', () => {
  it.each<[string, string, string]>([
    ['bad syntax', 'details.n >', 'is not a valid condition: Unexpected token: EOF (character 12)'],
    ['an unknown name', 'detials.n > 1', 'is not a valid condition: Unknown variable: detials'],
    ['types that do not fit', '"a" > 1', 'is not a valid condition'],
    ['no question', '1 + 1', 'must be true or false'],
    ['a regular expression', "details.s.matches('^(a+)+$')", 'matches() cannot be used in a condition'],
    ['an unknown function', 'fetch(details.url)', 'fetch() cannot be used in a condition'],
    [
      'a list within a list',
      'details.a.all(x, details.b.exists(y, y == x))',
      'exists() cannot stand within all() (character 18)',
    ],
    ['too deep', `${'('.repeat(80)}true${')'.repeat(80)}`, 'is not a valid condition'],
    ['too long', Array.from({ length: 200 }, () => 'true').join('||'), 'is not a valid condition'],
  ])('makes the policy invalid, by line and reason: %s', (_why, when, message) => {
    const parsed = withGate(`{ action: b, when: ${JSON.stringify(when)}, approval: required }`);
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ line: 5, path: 'gates.1.when', message: expect.stringContaining(message) }],
    });
  });

  it.each(['{ action: b }', '{ action: b, approval: required, effect: deny }'])(
    'belongs to a gate that does one thing: %s is refused',
    (gate) =>
      expect(withGate(gate)).toMatchObject({
        ok: false,
        problems: [{ line: 5, path: 'gates.1', message: expect.stringContaining('either') }],
      }),
  );

  it('may walk through lists in at most 20 gates', () => {
    const gate = "- { action: b, when: 'details.l.all(x, x > 1)', approval: required }";
    expect(
      withGate(
        Array.from({ length: 20 }, () => gate)
          .join('\n  ')
          .slice(2),
      ).ok,
    ).toBe(true);
    expect(
      withGate(
        Array.from({ length: 21 }, () => gate)
          .join('\n  ')
          .slice(2),
      ),
    ).toMatchObject({
      ok: false,
      problems: [
        { line: 25, path: 'gates.21.when', message: 'at most 20 conditions may walk through lists' },
      ],
    });
    const plain = "- { action: b, when: 'details.n > 1', approval: required }";
    const many = [...Array.from({ length: 25 }, () => plain), gate].join('\n  ').slice(2);
    expect(withGate(many).ok).toBe(true);
  });

  it('says no place where the whole of it is meant', () => {
    expect(withGate('{ action: b, when: "1 + 1", approval: required }')).toMatchObject({
      problems: [{ message: 'must be true or false, and is neither' }],
    });
  });
});

describe('config/policy.schema.json', () => {
  it('is what the code takes (npm run policy -- schema writes it)', async () => {
    const file = resolve(import.meta.dirname, '../../../config/policy.schema.json');
    expect(await readFile(file, 'utf8')).toBe(policySchemaText());
  });
});
