import { describe, expect, it } from 'vitest';
import { growsLinearly, timeOfSteps } from './growth.ts';

const reads = (text: string, times: number): number => {
  let seen = 0;
  for (let i = 0; i < times; i += 1) seen += text.charCodeAt(i % text.length);
  return seen;
};

describe('growsLinearly', () => {
  it.each([
    ['is fast', 1],
    ['is slow', 2_000],
  ])('is true of work that is linear and %s', (_, steps) => {
    expect(growsLinearly((length) => () => reads('abc', length * steps), 64)).toBe(true);
  });

  it.each([
    ['quadratic', (n: number) => (n * n) / 4],
    ['quadratic in a small part', (n: number) => 100 * n + (n * n) / 20],
  ])('is false of work that is %s', (_, steps) => {
    expect(growsLinearly((length) => () => reads('abc', steps(length)), 1_024)).toBe(false);
  });

  it('is false of a pattern that is tried again from each character', () => {
    const matches = (text: string) => text.replaceAll(/a*!/gu, '');
    expect(growsLinearly((length) => () => matches('a'.repeat(length)), 512)).toBe(false);
  });
});

describe('timeOfSteps', () => {
  it('is more for more steps', () => {
    expect(timeOfSteps(4_000_000)).toBeGreaterThan(timeOfSteps(400_000));
  });
});
