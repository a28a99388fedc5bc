import { expect, it } from 'vitest';
import { mergeSecrets } from './merge.ts';
import type { Secret } from './rule.ts';

const secret = (start: number, end: number, kind = 'a', rank = 1, lead = start): Secret => ({
  lead,
  start,
  end,
  kind,
  rank,
});

it.each<[what: string, found: Secret[], merged: Secret[]]>([
  ['nothing', [], []],
  ['one', [secret(1, 2)], [secret(1, 2)]],
  ['two apart, in order', [secret(5, 9, 'b'), secret(1, 2)], [secret(1, 2), secret(5, 9, 'b')]],
  ['two beside each other', [secret(1, 5), secret(5, 9, 'b')], [secret(1, 5), secret(5, 9, 'b')]],
  [
    'two that overlap: the longer one names them',
    [secret(1, 4, 'a', 3), secret(3, 9, 'b', 1)],
    [secret(1, 9, 'b', 1)],
  ],
  [
    'two that overlap: the first one is longer',
    [secret(1, 8, 'a', 1), secret(6, 9, 'b', 3)],
    [secret(1, 9, 'a', 1)],
  ],
  ['two that overlap and are as long', [secret(1, 5, 'a', 1), secret(3, 7, 'b', 3)], [secret(1, 7, 'a', 1)]],
  ['one within another', [secret(3, 5, 'b', 9), secret(1, 9, 'a', 1)], [secret(1, 9, 'a', 1)]],
  ['one at the beginning of another', [secret(1, 5, 'b', 9), secret(1, 9, 'a', 1)], [secret(1, 9, 'a', 1)]],
  ['the same place: the higher rank', [secret(1, 5, 'a', 1), secret(1, 5, 'b', 2)], [secret(1, 5, 'b', 2)]],
  [
    'the same place: the first of one rank',
    [secret(1, 5, 'a', 2), secret(1, 5, 'b', 2)],
    [secret(1, 5, 'a', 2)],
  ],
  [
    'the lead that begins first',
    [secret(5, 9, 'a', 1, 4), secret(6, 12, 'b', 1, 1)],
    [secret(5, 12, 'b', 1, 1)],
  ],
  ['the lead of the first', [secret(5, 9, 'a', 1, 1), secret(6, 12, 'b', 1, 6)], [secret(5, 12, 'b', 1, 1)]],
  ['three in a row', [secret(1, 4), secret(3, 6), secret(5, 8)], [secret(1, 8)]],
])('%s', (_what, found, merged) => {
  expect(mergeSecrets(found)).toEqual(merged);
});
