import { boundary, kinds } from '../words/kinds.ts';
import { wordSet, type Clause } from './clause.ts';

const settled = 0.45;
const ofProgram = 0.65;
const ofPolicy = 0.65;
const near = 60;

const needed = wordSet('needed required necessary');
const boxes = wordSet('dialog dialogue prompt screen page popup window box');
const option =
  /(?:^|[\s`'"(])--?[a-z]|\b[a-z]{2,20}(?:_[a-z]{1,20}){1,4}=|\bin (?:scripts?|ci|batch mode|pipelines?)\b/;
const threshold = /\b(?:below|under|up to|less than|smaller than)\s\D{0,4}\d/;
const allowances = wordSet('can may');

/**
 * How much a phrase about approval says: less where a letter tells that nothing more is needed, where it is about the dialog of a
 * program and its options, or where a policy frees what is small.
 */
export function consentFactor(clause: Clause, from: number, to: number): number {
  const { row, word, text, endOf } = clause;
  if (row[to] !== kinds.approval) return 1;
  if (isSettled(clause, from, to)) return settled;
  if (row[from] !== kinds.skip && row[from] !== kinds.bypass) return 1;
  const rest = sentenceAfter(text, endOf(to));
  if (
    boxes.has(word(to + 1)) ||
    option.test(rest) ||
    option.test(text.slice(Math.max(0, endOf(from) - near), endOf(from)))
  )
    return ofProgram;
  return allowances.has(word(from - 1)) && threshold.test(rest) ? ofPolicy : 1;
}

// "Was already approved, no further confirmation is needed", "you do not need to confirm".
function isSettled({ row, word }: Clause, from: number, to: number): boolean {
  if (row[from] !== kinds.approved && row[from] !== kinds.not) return false;
  const isVerb = word(to + 1) === 'is' || word(to + 1) === 'was';
  if (isVerb && needed.has(word(to + 2))) return true;
  for (let i = to - 1; i > from && i > to - 5 && row[i] !== boundary; i -= 1) {
    if (word(i) === 'need' && word(i + 1) === 'to')
      return row[i - 1] === kinds.not || row[i - 2] === kinds.not;
  }
  return false;
}

const sentenceAfter = (text: string, from: number): string =>
  text.slice(from, from + near).split(/[;!?\n]|\.\s/, 1)[0] ?? '';
