import { describe, expect, it } from 'vitest';
import { plainLetters } from './leet.ts';

describe('words written with digits and signs', () => {
  it.each([
    ['ignore', ['ignore']],
    ['02345678', ['ozeasgtb']],
    ['9@$', ['gas']],
    ['4b0v3', ['above']],
    ['1gn0r3', ['ignore', 'lgnore']],
    ['!gn0r3', ['ignore', 'lgnore']],
    ['al1', ['ali', 'all']],
    ['a1! 0$', ['aii os', 'all os']],
  ])('%s may stand for %j', (word, plain) => expect(plainLetters(word)).toEqual(plain));
});
