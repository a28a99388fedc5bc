import { boundary, kinds } from '../words/kinds.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';

const doubtful = 0.7;
const explained = 0.55;

const reasons = wordSet('by when if as because on in at since from');
const about = wordSet('for of on about zum zur fur uber');
const issued = wordSet('issued published printed released distributed');
const isReader = kindSet(
  'you',
  'your',
  'me',
  'ai',
  'agent',
  'system',
  'systemPrompt',
  'prompt',
  'data',
  'task',
  'all',
);
const purposes = wordSet(
  'assembly shipping delivery cooking baking installation parking travel packing care washing dosage',
);
const successors = wordSet('these ones mine below');
const isSuccessor = kindSet('follow', 'above', 'new', 'text', 'you', 'your');
const steers = kindSet('your', 'safety', 'limit');

/**
 * How much "the old rules are void" says: rules of anything are replaced every day; instructions without a purpose, and "your"
 * rules, steer.
 */
export function droppedFactor(clause: Clause, from: number, to: number): number {
  const { row, word } = clause;
  for (let i = from; i < to; i += 1) {
    if (steers(row, i)) return 1;
    if (row[i] === kinds.instruction) {
      if (purposes.has(word(i - 1))) return explained;
      if (isIssued(clause, to)) return explained;
      const isPublished = /^(?:guideline|richtlinie)/.test(word(i)) && !hasSuccessor(clause, to);
      return isPublished && (isExplained(clause, from, to) || about.has(word(i + 1))) ? explained : 1;
    }
  }
  const ends = row[to + 1] === boundary || to + 1 >= row.length;
  if ((row[from] === kinds.all && ends) || hasSuccessor(clause, to)) return 1;
  return isConditional(row, from) || isExplained(clause, from, to) ? explained : doubtful;
}

// "Replace all previous instructions issued for the washing machine": instructions for things, not for the reader.
function isIssued({ row, word }: Clause, to: number): boolean {
  for (let i = to + 1; i < to + 5 && row[i] !== boundary; i += 1) {
    if (row[i] !== kinds.instruction) continue;
    if (!issued.has(word(i + 1)) && !about.has(word(i + 1))) return false;
    for (let j = i + 1; j < i + 6 && row[j] !== boundary; j += 1) {
      // "For model KX-200".
      const isProduct = word(j) === 'model' && isProductName(word(j + 1) + word(j + 2));
      if (isReader(row, j) && !isProduct) return false;
    }
    return true;
  }
  return false;
}

const isProductName = (name: string): boolean => /\d/.test(name);

// "If override is true, the existing rules are replaced".
function isConditional(row: string, from: number): boolean {
  for (let i = from - 1; i >= 0 && i > from - 8 && row[i] !== boundary; i -= 1) {
    if (row[i] === kinds.if) return true;
  }
  return false;
}

// "Replaced when the file is loaded", "the rules for overtime are withdrawn".
function isExplained({ row, word }: Clause, from: number, to: number): boolean {
  if (reasons.has(word(to + 1))) return true;
  for (let i = from + 1; i < to; i += 1) {
    if (row[i - 1] === kinds.rule && about.has(word(i))) return true;
  }
  return false;
}

// "Replaced by the following": what comes next is to be obeyed.
function hasSuccessor({ row, word }: Clause, to: number): boolean {
  for (let i = to + 1; i < to + 5 && row[i] !== boundary; i += 1) {
    if (isSuccessor(row, i) || successors.has(word(i))) return true;
  }
  return false;
}
