import { describe, expect, it } from 'vitest';
import { joinedName, matchesAction, normaliseAction } from './action-name.ts';

describe('an action name', () => {
  it.each([
    ['a', 'a'],
    ['7', '7'],
    [' Mail.SEND ', 'mail.send'],
    ['ｍail.send', 'mail.send'],
    ['a_b:c/d-e.f', 'a_b:c/d-e.f'],
    ['a'.repeat(128), 'a'.repeat(128)],
  ])('%j is %j', (name, normal) => expect(normaliseAction(name)).toBe(normal));

  it.each([
    '',
    ' ',
    '.',
    '.a',
    'a.',
    '-a',
    'a-',
    '_a',
    'a b',
    'a..b',
    'a*',
    'a\nb',
    'x\na',
    'а',
    'a'.repeat(129),
  ])('%j is none', (name) => expect(normaliseAction(name)).toBeUndefined());

  it.each(['a.b', 'a_b', 'a:b', 'a/b', 'a-b', 'a::b', 'a-_/b'])(
    '%s is a.b with one kind of separator',
    (name) => expect(joinedName(name)).toBe('a.b'),
  );
});

describe('a pattern', () => {
  it.each([
    ['a.b', 'a.b'],
    ['A.B', 'a.b'],
    ['a_b', 'a:b'],
    ['*', 'a.b'],
    ['a*', 'a'],
    ['*a', 'a'],
    ['a.*', 'a.b'],
    ['*.b', 'a.b'],
    ['a*c', 'abc'],
    ['a*c', 'ac'],
    ['a*b*c', 'a1b2c'],
    ['a*b*b', 'abb'],
    ['*a*b*', 'xaxbx'],
    ['**', 'a'],
    ['a**b', 'ab'],
  ])('%s covers %s', (pattern, action) => expect(matchesAction(pattern, action)).toBe(true));

  it.each([
    ['a.b', 'a.c'],
    ['a.b', 'a.b.c'],
    ['a.b', 'x.a.b'],
    ['a.*', 'a'],
    ['a.*', 'b.a.c'],
    ['*.b', 'a.b.c'],
    ['a*a', 'a'],
    ['ab*ba', 'aba'],
    ['a*b*c', 'acb'],
    ['a*b*b', 'ab'],
    ['a*bc*c', 'abc'],
    ['*a*b*', 'ba'],
  ])('%s does not cover %s', (pattern, action) => expect(matchesAction(pattern, action)).toBe(false));
});
