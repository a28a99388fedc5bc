import { boundary, kinds } from '../words/kinds.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';
import { speakers, speaksToReader } from './reported-speech.ts';

const reach = 8;
const r = 114;
const apostrophe = /['’]/;
// Behind these a denial asks for the thing: "do not forget to ignore", "why not ignore".
const turning = wordSet(
  'why if hesitate wait ask worry delay stop forget fail panic refuse neglect miss think only whether vergessen',
);
const spanishModals = wordSet('debe debes deben puede pueden puedes hay que se');
const listWords = wordSet('or nor');
const asks = wordSet('ask asks tell require request want need');
const nobody = wordSet('nobody noone none');

/** The verbs that set something aside. */
export const setsAside = kindSet('ignore', 'bypass', 'skip');

/** "Or" and "nor" go on with what was denied. */
export const followsList = ({ row, word, lastLetter }: Clause, verb: number): boolean =>
  row[verb - 1] === kinds.and && lastLetter(verb - 1) === r && listWords.has(word(verb - 1));

/** "No longer ignores", "must not bypass or disable", "we never share": the contrary of an order. */
export function isDenied(clause: Clause, verb: number, from: number): boolean {
  const { row, word, isJoined, text, endOf } = clause;
  let at = verb - 1;
  // French: n'ignore plus.
  if (word(at) === 'n' && row[verb] === kinds.ignore && apostrophe.test(text[endOf(at)] ?? '')) return true;
  // "Must not circumvent, disable or ...".
  if (!isJoined(verb)) {
    const isList = row[at - 1] === kinds.not && isJoined(at) && listWords.has(word(verb + 1));
    return isList && !turning.has(word(at));
  }
  // "Stop leaking".
  if (row[at] === kinds.stop && word(verb).endsWith('ing')) return true;
  // "No longer ignores".
  if (row[at] === kinds.stop && row[at - 1] === kinds.not && isJoined(at)) at -= 1;
  if (row[at] === kinds.not) {
    return (at < from || setsAside(row, verb)) && !turning.has(word(at - 1)) && !turning.has(word(verb));
  }
  // "No debes ignorar", "no se puede ignorar".
  if (spanishModals.has(word(at))) {
    let no = at - 1;
    if (spanishModals.has(word(no))) no -= 1;
    if (word(no) === 'no') return no < from || setsAside(row, verb);
  }
  // "Must not bypass, disable or override": the denial stands before the whole list.
  if (listWords.has(word(at))) {
    for (let i = at - 1; i > at - 6 && i >= 0 && row[i] !== boundary; i -= 1) {
      if (turning.has(word(i))) return false;
      if (row[i] === kinds.not) return i < from || setsAside(row, verb);
    }
  }
  for (let i = at; i > at - reach && i >= 0 && row[i] !== boundary; i -= 1) {
    if (!isJoined(i + 1)) return false;
    if (row[i] === kinds.not && speakers.has(word(i - 1))) return i < from;
    if (nobody.has(word(i))) return true;
    // "No longer decides on its own to skip".
    if (row[i] === kinds.stop && row[i - 1] === kinds.not && word(verb - 1) === 'to')
      return !speaksToReader(clause, verb - 1, reach + 3);
    if (row[i] === kinds.not && word(verb - 1) === 'to' && asks.has(word(i + 1))) return true;
    if (row[i] === kinds.and && !listWords.has(word(i))) return false;
  }
  return false;
}
