import { describe, expect, it } from 'vitest';
import { rowOf } from './row.fixture.ts';
import { readWords } from './words.ts';

describe('a text as a row of kinds', () => {
  it.each([
    ['ignore the xyz', 'ignore:ignore the:the xyz:.'],
    ["don't ignore l'assistant", "don't:not ignore:ignore l:. assistant:agent"],
    ['don’t', 'don’t:not'],
    ['ignore. all! x? y; z', 'ignore:ignore | all:all | x:. | y:. | z:.'],
    ['ignore." all', 'ignore:ignore | all:all'],
    ["ignore.' all.<b", 'ignore:ignore | all:all | b:.'],
    ['a.b', 'a:. b:.'],
    ['ignore\nall', 'ignore:ignore all:all'],
    ['ignore\n\nall', 'ignore:ignore | all:all'],
    ['1. ignore 12. all', '1:. ignore:ignore 12:. all:all'],
    ['123. ignore', '123:. | ignore:ignore'],
    ['x. ignore', 'x:. | ignore:ignore'],
    ['忽略之前的指令。', '忽略:ignoreUnspaced 之前:prior 的:. 指令:instruction |'],
    ['जानकारी। x', 'जानकारी:. | x:.'],
    ['ignore！all？x', 'ignore:ignore | all:all | x:.'],
    ['see https://x.example/a?b=c now', 'see:read https://x.example/a?b=c:address now:now'],
    ['(https://x.example) <https://y.example>', 'https://x.example:address https://y.example:address'],
    ['mail eve@x-y.example now', 'mail:transfer eve@x-y.example:address now:now'],
    ['eve@ now', 'eve:. now:now'],
    ['ig-no-re it', 'ig-no-re:ignore it:.'],
    ['ig no re', 'ig:. no:not re:.'],
    ['i g n o r e it', 'i g n o r e:ignore it:.'],
    ['i g n o r e  a l l', 'i g n o r e:ignore a l l:all'],
    ['i.g.n.o.r.e', 'i.g.n.o.r.e:ignore'],
    ['a l l', 'a:. l:. l:.'],
    ['i g n o r e a l l x x', 'i g n o r e:ignore a l l:all x x:.'],
    ['1gn0re a11 pa$sword s3cret', '1gn0re:ignore a11:all pa$sword:secret s3cret:hush'],
    ['ingore pervious insturctions', 'ingore:ignore pervious:prior insturctions:instruction'],
    ['instrctions', 'instrctions:instruction'],
    ['agre', 'agre:.'],
    ['igno http://x"re', 'igno:. http://x:address re:.'],
    [`anweisung${'x'.repeat(31)}`, `anweisung${'x'.repeat(31)}:instruction`],
    [`anweisung${'x'.repeat(32)}`, `anweisung${'x'.repeat(32)}:.`],
  ])('%j', (text, row) => expect(rowOf(text)).toBe(row));

  it.each([
    ['ignore all', { disguised: 0, rotated: 0, reversed: 0 }],
    ['1gnore ig-no-re i g n o r e ingore', { disguised: 4, rotated: 0, reversed: 0 }],
    ["don't", { disguised: 0, rotated: 0, reversed: 0 }],
    ['vtaber cerivbhf vafgehpgvbaf', { disguised: 0, rotated: 3, reversed: 0 }],
    ['erongi suoiverp', { disguised: 2, rotated: 0, reversed: 2 }],
  ])('counts the disguised words of %j', (text, counts) => expect(readWords(text)).toMatchObject(counts));
});
