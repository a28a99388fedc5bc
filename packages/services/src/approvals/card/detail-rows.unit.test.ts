import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noWarnings } from './card-warnings.ts';
import { detailRows } from './detail-rows.ts';
import { parseExactly, type ExactJson } from '@actp/shared/exact-json';
import { joinRows, type Row } from './row.ts';
import { shown } from './shown.ts';
import { seen } from './card.fixture.ts';

function rowsOf(json: string): Row[] {
  return [...detailRows(parseExactly(json) as { [key: string]: ExactJson }, noWarnings())];
}

const lines = (details: object | string) =>
  seen(joinRows(rowsOf(typeof details === 'string' ? details : JSON.stringify(details)))).split('\n');

describe('details on a card', () => {
  it('stand under their full names, lists with their numbers', () => {
    expect(
      lines({ to: [{ name: 'Ann' }, 'Bob', []], empty: {}, none: null, yes: true, zero: 0, text: '' }),
    ).toEqual([
      '▪ to: list of 3',
      '▪ to #1.name: “Ann”',
      '▪ to #2: “Bob”',
      '▪ to #3: (empty list)',
      '▪ empty: (empty object)',
      '▪ none: null',
      '▪ yes: true',
      '▪ zero: 0',
      '▪ text: “”',
    ]);
    expect(lines({})).toEqual(['▪ (none)']);
  });

  it('tell a text from the number or word that it looks like', () => {
    expect(lines({ a: 'true', b: '5', c: 'null' })).toEqual(['▪ a: “true”', '▪ b: “5”', '▪ c: “null”']);
  });

  it('show numbers digit by digit as they are stored', () => {
    expect(lines('{"a":12345678901234567890,"b":0.10,"c":1.0000000000000000001,"d":-0.5e-7}')).toEqual([
      '▪ a: 12345678901234567890',
      '▪ b: 0.10',
      '▪ c: 1.0000000000000000001',
      '▪ d: -0.5e-7',
    ]);
  });

  it('show money as money and round nothing', () => {
    expect(
      lines({
        amount_usd: 1234567.5,
        BUDGET_USD: 0,
        costUsd: 0.005,
        refund: { amount: -12, currency: 'eur' },
        amount: 12,
        users: 3,
        price_usd: '12',
      }),
    ).toEqual([
      '▪ amount_usd: 1,234,567.50 USD',
      '▪ BUDGET_USD: 0.00 USD',
      '▪ costUsd: 0.005 USD',
      '▪ refund.amount: -12.00 EUR',
      '▪ refund.currency: “eur”',
      '▪ amount: 12',
      '▪ users: 3',
      '▪ price_usd: “12”',
    ]);
  });

  it('cannot pass for rows of ours: not by line breaks, quotes, names or text from the right', () => {
    expect(lines({ note: 'x”\nExpires: never\n▪ amount_usd: 1.00 USD' })).toEqual([
      '▪ note: text of 40 characters, 3 lines',
      '│ x”',
      '│ Expires: never',
      '│ ▪ amount_usd: 1.00 USD',
    ]);
    expect(lines({ note: 'x” amount: “1' })).toEqual(['▪ note: text of 13 characters', '│ x” amount: “1']);
    expect(lines({ 'a\nExpires': 'never' })).toEqual(['▪ "a\\nExpires": “never”']);
    expect(lines({ 'a.b': 1, Expires: 'never' })).toEqual(['▪ "a.b": 1', '▪ Expires: “never”']);
    expect(lines({ שם: 5 })).toEqual(['│ "שם"', '▪ ↳: 5']);
    expect(lines({ to: 'אב 12' })).toEqual(['▪ to: text of 5 characters', '│ אב 12']);
  });

  it('hold no markup of ours or of others, and nothing invisible', () => {
    const hostile = {
      '<b>': '<a href="tg://user?id=1">x</a> &lt; \u202E\u200B\u0000 </code>',
      'k\u202E': '<',
    };
    expect(lines(hostile)).toEqual([
      '▪ "<b>": “<a href="tg://user?id=1">x</a> &lt; ⟦U+202E⟧⟦U+200B⟧⟦U+0000⟧ </code>”',
      '▪ "k⟦U+202E⟧": “<”',
    ]);
  });

  it('show spaces at the end of a line, where nobody would see them', () => {
    expect(lines({ body: 'a  \n b' })).toEqual(['▪ body: text of 6 characters, 2 lines', '│ a␣␣', '│  b']);
  });

  it('are shown to a depth of 64, and no further', () => {
    const lists = (depth: number) => `{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`;
    const objects = (depth: number) => `{"a":${'{"b":'.repeat(depth)}1${'}'.repeat(depth)}}`;
    for (const nested of [lists, objects]) {
      const whole = lines(nested(63));
      expect(whole.at(-1)).toMatch(/^(?:▪ a(?: #1|\.b){63}|▪ ↳): 1$/);
      const warnings = noWarnings();
      const rows = [...detailRows(parseExactly(nested(64)) as { [key: string]: ExactJson }, warnings)];
      expect(rows.at(-1)?.text).toBe('▪ (nested too deeply to show)');
      expect(warnings.incomplete).toBe(true);
    }
  });

  it('have long names above their values', () => {
    const name = (length: number) => 'n'.repeat(length - 2);
    // In quotes, since no plain word is as long.
    expect(lines({ [name(200)]: 1 })).toEqual([`▪ "${name(200)}": 1`]);
    expect(lines({ [name(201)]: 1 })).toEqual([`│ "${name(201)}"`, '▪ ↳: 1']);
  });

  it('survive names like those of the language', () => {
    const odd = '{"__proto__":{"x":1},"constructor":2,"toString":"3"}';
    expect(lines(odd)).toEqual(['▪ __proto__.x: 1', '▪ constructor: 2', '▪ toString: “3”']);
  });

  it('are all there, whatever they are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 }).filter((s) => s.isWellFormed());
    const hostileText = fc.oneof(
      text,
      fc.stringMatching(/^[\u202A-\u202E\u2066-\u2069\n<>&"“”│▪ a-z]{0,40}$/),
    );
    const details = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.oneof(
        hostileText,
        fc.array(hostileText, { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 8 }), hostileText),
      ),
      { maxKeys: 6 },
    );
    fc.assert(
      fc.property(details, (value) => {
        const rows = rowsOf(JSON.stringify(value));
        const all = seen(joinRows(rows)).split('\n');
        // Every line is ours or barred, none is longer than counted, and no raw control is left.
        for (const line of all) expect(line).toMatch(/^(?:▪ |│ )/);
        expect(rows.map(({ length }) => length)).toEqual(all.map(({ length }) => length));
        expect(all.join('')).not.toMatch(/[\p{Cc}\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u);
        const plain = all.map((line) => line.replace(/^│ /, '')).join('');
        for (const leaf of leaves(value)) {
          const expected = shown(leaf).replaceAll('\n', '').replace(/ +$/, '');
          if (
            !/secret|token|key|pass|pwd|pswd|otp|jwt|sas|cred|auth|cookie|assertion/i.test(
              JSON.stringify(value),
            )
          )
            expect(plain.replaceAll('␣', ' ')).toContain(expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
