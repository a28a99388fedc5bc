import { describe, expect, it } from 'vitest';
import { rowOf } from './row.fixture.ts';
import { readWords } from './words.ts';

const x = (times: number) => 'x'.repeat(times);
const spaced = (word: string, gap = 1) => Array.from(word).join(' '.repeat(gap));

describe('words that are divided', () => {
  it.each([
    ['sk-ips', 'sk-ips:skip'],
    ['a-ll', 'a:. ll:.'],
    ['ig--nore', 'ig--nore:ignore'],
    ['ig---nore', 'ig:. nore:.'],
    [`anwei-sung-${x(31)}`, `anwei-sung-${x(31)}:instruction`],
    [`anwei-sung-${x(32)}`, `anwei-sung:instruction ${x(32)}:.`],
    ['i-g-n-o-r-e-ig-no-re', 'i-g-n-o-r-e:ignore ig-no-re:ignore'],
  ])('%j', (text, row) => expect(rowOf(text)).toBe(row));
});

describe('words that are spaced', () => {
  it.each([
    ['s k i p s', 's k i p s:skip'],
    ['ok i g n o r e', 'ok:. i g n o r e:ignore'],
    [spaced('ignore', 6), `${spaced('ignore', 6)}:ignore`],
    [spaced('ignore', 7), 'i:me g:. n:. o:. r:. e:.'],
    ['a l l e  n', 'a l l e:all n:.'],
    [`${spaced('anweisung')}  a l l`, `${spaced('anweisung')}:instruction a l l:all`],
    ['x a l l x  i g n o r e', 'x a l l x:. i g n o r e:ignore'],
    ['x x x i g n o r e x x  a l l', 'x x x i g n o r e x x:. a l l:all'],
    ['x x x x i g n o r e x x  a l l', 'x x x x:. i g n o r e:ignore x x:. a l l:all'],
    ['i g n o r e u s x x', 'i g n o r e:ignore u s x x:.'],
    [spaced('systeeminstructies'), `s y s:system t e e m:. ${spaced('instructies')}:instruction`],
  ])('%j', (text, row) => expect(rowOf(text)).toBe(row));

  it('count once for each word that is known', () => expect(readWords('i g n o r e x x').disguised).toBe(1));
});

describe('words with signs and digits', () => {
  it.each([
    ['p@ssword h!dden', 'p@ssword:secret h!dden:system'],
    ['pa$5w0rd', 'pa$5w0rd:secret'],
    ['pa$sword.', 'pa$sword:secret |'],
    [`p@ssword${' '.repeat(57)}.`, 'p@ssword:secret |'],
    [`p@ssword${' '.repeat(56)}.`, 'p@ssword:address |'],
    ['l’assistant', 'l:. assistant:agent'],
    ["qu'assistant", 'qu:. assistant:agent'],
    ["don'a don'z", "don'a:. don'z:."],
    ["don'9", 'don:. 9:.'],
    ["don'{a", 'don:. a:.'],
  ])('%j', (text, row) => expect(rowOf(text)).toBe(row));
});

describe('words whose letters are out of order, or that miss one', () => {
  it.each([
    ['ovreride prmopt pretned', 'ovreride:bypass prmopt:prompt pretned:pretend'],
    ['excetue aproval unflitered', 'excetue:harm aproval:approval unflitered:unlimited'],
    ['chatpgt assitsant abvoe verbtaim', 'chatpgt:ai assitsant:agent abvoe:above verbtaim:text'],
    ['instructio istruction ignoreb', 'instructio:. istruction:. ignoreb:.'],
  ])('%j', (text, row) => expect(rowOf(text)).toBe(row));
});
