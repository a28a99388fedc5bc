import { boundary, kinds, unknownKind } from '../words/kinds.ts';
import { kindSet, type Clause } from './clause.ts';

const steady = kindSet(
  'ignore',
  'bypass',
  'all',
  'prior',
  'above',
  'the',
  'show',
  'instruction',
  'system',
  'systemPrompt',
  'prompt',
  'your',
);
const steers = kindSet('prior', 'system', 'systemPrompt', 'your');
const s = 115;
const d = 100;
const zero = 48;
const nine = 57;

/**
 * Is a phrase an order about instructions, from the begin of a sentence on, with nothing in it to look at twice? Most of what is
 * found in an attack is, and costs no more than this.
 */
export function isPlainOrder(clause: Clause, from: number, to: number): boolean {
  const { row } = clause;
  const before = row[from - 1];
  const begins = before === undefined || before === boundary;
  if (!begins && before !== kinds.and && !isNumber(clause, from - 1)) return false;
  if (row[from] === kinds.not) return before !== kinds.and && row[to] === kinds.user;
  let isSteering = false;
  for (let i = from; i <= to; i += 1) {
    if (!steady(row, i)) return false;
    isSteering ||= steers(row, i);
  }
  if (!isSteering || begins) return isSteering;
  const last = clause.lastLetter(from);
  return last !== s && last !== d && (before !== kinds.and || row[from] === kinds.show);
}

// "1. Ignore", "3) ignore": the number of an item.
function isNumber({ row, lastLetter }: Clause, at: number): boolean {
  const last = lastLetter(at);
  return row[at] === unknownKind && last >= zero && last <= nine;
}
