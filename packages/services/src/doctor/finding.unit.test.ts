import { describe, expect, it } from 'vitest';
import { asEmbedded, kindOf } from './finding.ts';

describe('a store', () => {
  it('is one of ours, or somebody else’s', () => {
    expect([kindOf(true), kindOf(false), kindOf(undefined)]).toEqual(['embedded, ', 'external, ', '']);
  });

  it.each([
    ['The Redis server at REDIS_URL is full.', 'the embedded one is full.'],
    ['The Supabase project at SUPABASE_URL is paused.', 'the embedded one is paused.'],
    ['The user in REDIS_URL may not run get.', 'The user in REDIS_URL may not run get.'],
    ['See: The Redis server at REDIS_URL', 'See: The Redis server at REDIS_URL'],
  ])('that is ours has no address: %s', (problem, said) => {
    expect(asEmbedded(problem)).toBe(said);
  });
});
