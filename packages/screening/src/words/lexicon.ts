import { fold } from '../text/fold.ts';
import { kinds, type Kind } from './kinds.ts';
import { eastern, unspaced } from './lexicon/eastern.ts';
import { english } from './lexicon/english.ts';
import { european } from './lexicon/european.ts';
import { createTrie } from './trie.ts';

type Words = Partial<Record<Kind, string>>;

function* entries(lists: readonly Words[]): Generator<readonly [string, string]> {
  for (const list of lists) {
    for (const kind of Object.keys(list) as Kind[]) {
      for (const word of (list[kind] ?? '').split(' ')) if (word !== '') yield [folded(word), kinds[kind]];
    }
  }
}

const folded = (word: string) =>
  Array.from(word.toLowerCase(), (letter) => {
    const c = letter.codePointAt(0) ?? 0;
    return c < 128 ? letter : fold(c);
  }).join('');

/** Words of languages that put spaces between them. */
export const spacedWords = createTrie(entries([english, ...european, ...eastern]));
/** Chinese and Japanese words. */
export const unspacedWords = createTrie(entries([unspaced]));

/** English words that attacks write wrong, backwards or rotated: long enough not to be hit by chance. */
const telling: Words = {
  ignore: 'ignore disregard forget ignoring',
  bypass: 'override bypass',
  prior: 'previous earlier original',
  instruction: 'instruction instructions directives guidelines',
  rule: 'policy',
  system: 'system hidden',
  prompt: 'prompt',
  show: 'reveal repeat output display translate',
  secret: 'password passwords credentials secret secrets',
  pretend: 'pretend',
  harm: 'transfer execute delete',
  safety: 'safety',
  approval: 'approval confirmation permission',
  unlimited: 'unrestricted uncensored unfiltered',
  data: 'conversation environment',
  ai: 'chatgpt',
  agent: 'assistant',
  above: 'above',
  text: 'verbatim',
};
const tellingWords = [...entries([telling])];

const rot13 = (word: string) =>
  word.replaceAll(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 13) % 26) + 97));

/** The telling words in ROT13. */
export const rotatedWords = createTrie(tellingWords.map(([word]) => [rot13(word), 'rot13'] as const));
/** The telling words backwards. */
export const reversedWords = createTrie(
  tellingWords.map(([word]) => [Array.from(word).reverse().join(''), 'reversed'] as const),
);

const shortestTypo = 5;

/** Kinds by the letters of a word in any order (see `lettersSum`), with the number of letters. */
export const byLetters = new Map<number, string>();

// One number for each letter, far from any pattern, so that sums of different letters differ; the same in every run.
const letterValue = Array.from({ length: 26 }, (_, i) => {
  let value = Math.imul(i + 1, 0x9e3779b1);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
});

/** The sum that is the same for all orders of the same letters, continued by one letter. */
export const addLetter = (sum: number, c: number): number => sum + (letterValue[c - 97] ?? 0);

for (const [word, kind] of tellingWords) {
  let sum = 0;
  for (let i = 0; i < word.length; i += 1) sum = addLetter(sum, word.charCodeAt(i));
  if (word.length >= shortestTypo && !byLetters.has(sum)) byLetters.set(sum, kind);
}
// One letter missing: the first two and the last keep their place in what people still read.
for (const [word, kind] of tellingWords) {
  if (word.length < 7) continue;
  for (let gap = 2; gap < word.length - 1; gap += 1) {
    let sum = 0;
    for (let i = 0; i < word.length; i += 1) if (i !== gap) sum = addLetter(sum, word.charCodeAt(i));
    if (!byLetters.has(sum)) byLetters.set(sum, kind);
  }
}
