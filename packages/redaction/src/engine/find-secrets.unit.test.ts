import { describe, expect, it } from 'vitest';
import { createFinder } from './find-secrets.ts';
import type { Rule, Secret } from './rule.ts';

const found = (kind: string, start: number, end: number, lead = start): Secret => ({
  lead,
  start,
  end,
  kind,
  rank: 1,
});

/** A rule that takes what an expression finds where its keyword stands, and remembers where it was asked. */
function rule(keyword: string, family: Rule['family'], expression: RegExp, rest?: number) {
  const asked: number[] = [];
  const sticky = new RegExp(expression, 'y');
  const made: Rule = {
    kinds: [keyword],
    keywords: [keyword],
    family,
    ...(rest === undefined ? {} : { rest }),
    find(at, scan) {
      asked.push(at);
      sticky.lastIndex = at;
      if (!sticky.test(scan.text)) {
        scan.rejectedUntil = family === 'token' ? at + 6 : -1;
        return undefined;
      }
      return found(keyword, at, sticky.lastIndex);
    },
  };
  return { asked, rule: made };
}
const places = (secrets: readonly Secret[] | undefined) => secrets?.map(({ start, end }) => [start, end]);

describe('a finder', () => {
  it.each([10, 5_000, 70_000])('asks a rule at each of its keywords, also behind %d characters', (length) => {
    const before = ' '.repeat(length);
    const { rule: ab, asked } = rule('ab', 'token', /ab\d/);
    const finder = createFinder([ab]);
    expect(places(finder.find(`${before}ab1 AB2 b1 abx`))).toEqual([[length, length + 3]]);
    expect(asked).toEqual([length, length + 4, length + 11]);
    expect(finder.find(before)).toBeUndefined();
    expect(finder.openFrom()).toBe(Infinity);
  });

  it('finds what begins from one place to before another, with all of the text in view', () => {
    const finder = createFinder([rule('ab', 'token', /ab\d+/).rule]);
    const text = 'ab1 ab22 ab333 ab4444';
    expect(places(finder.find(text, 4, 9))).toEqual([[4, 8]]);
    expect(places(finder.find(text, 5, 9))).toBeUndefined();
    expect(places(finder.find(text, 4, 10))).toEqual([
      [4, 8],
      [9, 14],
    ]);
    expect(places(finder.find(text, 15))).toEqual([[15, 21]]);
    expect(places(finder.find(text, 0, 1))).toEqual([[0, 3]]);
  });

  it('reads a keyword to its end, however much longer it is than others', () => {
    const finder = createFinder([rule('x', 'token', /x/).rule, rule('abcdef', 'token', /abcdef/).rule]);
    expect(places(finder.find('abcdef x', 0, 1))).toEqual([[0, 6]]);
    expect(places(finder.find('  abcdef x', 2, 3))).toEqual([[2, 8]]);
  });

  it('asks notes first, also in front of where it looks', () => {
    const notes: number[] = [];
    const note: Rule = { kinds: [], keywords: ['ab'], family: 'note', find: (at) => void notes.push(at) };
    const order: string[] = [];
    const token: Rule = {
      kinds: ['x'],
      keywords: ['ab', 'b'],
      family: 'token',
      find: (at) => void order.push(`${at} after ${notes.length}`),
    };
    const finder = createFinder([token, note]);
    finder.find('ab ab ab', 3, 6);
    expect(notes).toEqual([0, 3]);
    expect(order).toEqual(['3 after 2', '4 after 2']);
  });

  it('does not ask a rule of values within what one has found, but asks others', () => {
    const whole = rule('ab', 'value', /ab=\S+/);
    const inner = rule('cd', 'value', /cd/);
    const token = rule('ef', 'token', /ef/);
    const finder = createFinder([whole.rule, inner.rule, token.rule]);
    expect(places(finder.find('ab=cdef cd'))).toEqual([
      [0, 7],
      [8, 10],
    ]);
    expect(inner.asked).toEqual([8]);
    expect(token.asked).toEqual([5]);
  });

  it('does not ask a rule of tokens again within what it has found', () => {
    const token = rule('ab', 'token', /(?:ab)+/);
    expect(places(createFinder([token.rule]).find('ababab ab'))).toEqual([
      [0, 6],
      [7, 9],
    ]);
    expect(token.asked).toEqual([0, 7]);
  });

  it('asks a rule only a few times within what it has rejected', () => {
    const token = rule('ab', 'token', /ab!/);
    createFinder([token.rule]).find('ab'.repeat(20));
    expect(token.asked.length).toBeLessThan(20);
    expect(token.asked.slice(0, 3)).toEqual([0, 2, 4]);
    const apart = rule('ab', 'token', /ab!/);
    createFinder([apart.rule]).find('ab        '.repeat(20));
    expect(apart.asked).toHaveLength(20);
  });

  it('lets a rule that looks far ahead rest when it has found nothing, up to the next command', () => {
    const far = (text: string) => {
      const { rule: one, asked } = rule('ab', 'value', /ab[^|;&\r\n]*!/, 20);
      createFinder([one]).find(text);
      return asked;
    };
    expect(far('ab ab ab')).toEqual([0]);
    for (const end of '|;&\n\r') expect(far(`ab ab${end}ab ab`)).toEqual([0, 6]);
    expect(far(`ab ${'x'.repeat(16)}ab`)).toEqual([0]);
    expect(far(`ab ${'x'.repeat(17)}ab`)).toEqual([0, 20]);
    expect(far('ab! ab')).toEqual([0, 4]);
  });

  it('gives several findings of one rule in order, and merges what overlaps', () => {
    const many: Rule = {
      kinds: ['x'],
      keywords: ['ab'],
      family: 'token',
      find: (at) => [found('x', at + 4, at + 6, at), found('x', at, at + 2)],
    };
    const over = rule('cd', 'token', /cd\S+/);
    expect(places(createFinder([many, over.rule]).find('abcdef'))).toEqual([
      [0, 2],
      [2, 6],
    ]);
    const none: Rule = { ...many, find: () => [] };
    expect(createFinder([none]).find('ab')).toBeUndefined();
  });

  it('says where something is open, until the next text', () => {
    const open: Rule = {
      kinds: ['x'],
      keywords: ['ab'],
      family: 'token',
      find(at, scan) {
        scan.openFrom = Math.min(scan.openFrom, at);
        return undefined;
      },
    };
    const finder = createFinder([open]);
    expect(finder.find('xx ab ab')).toBeUndefined();
    expect(finder.openFrom()).toBe(3);
    finder.find('xx');
    expect(finder.openFrom()).toBe(Infinity);
    finder.find(`${' '.repeat(2_000)}ab`);
    expect(finder.openFrom()).toBe(2_000);
  });

  it('asks no rule within a placeholder', () => {
    const placeholder: Rule = {
      kinds: [],
      keywords: ['['],
      family: 'note',
      find(at, scan) {
        scan.placeholderEnd = at + 4;
        return undefined;
      },
    };
    const token = rule('ab', 'token', /ab/);
    expect(places(createFinder([placeholder, token.rule]).find('[ab]ab'))).toEqual([[4, 6]]);
    expect(token.asked).toEqual([4]);
  });
});
