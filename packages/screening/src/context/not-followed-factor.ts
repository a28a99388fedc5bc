import { boundary, kinds } from '../words/kinds.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';
import { isFromElsewhere } from './objects.ts';

const weak = 0.4;

const helpers = wordSet('did could would had');
const walked = wordSet(
  'link links redirect redirects path road route signs account page trail url advice example',
);
const addressed = kindSet('you', 'ai', 'agent');

/**
 * How much "not follow" says: "customers who did not follow the instructions" and "if you do not follow them, the warranty is void"
 * forbid nothing.
 */
export function notFollowedFactor(clause: Clause, from: number, to: number): number {
  const { row, word, isJoined } = clause;
  // "Not following the rules cost them a penalty."
  if (!isJoined(from) && isJoined(from + 1) && word(from + 1) === 'following') return weak;
  if (helpers.has(word(from - 1)) || helpers.has(word(from).replace(/n'?t$/, ''))) return weak;
  if (row[to] === kinds.instruction && isFromElsewhere(clause, to)) return weak;
  if (isBehindComma(clause, from, to)) return weak;
  if (row[to] === kinds.prior && isThirdParty(clause, from)) return weak;
  if (walked.has(word(to + 1))) return weak;
  for (let i = from - 1; i >= 0 && i > from - 5 && row[i] !== boundary; i -= 1) {
    if (!isJoined(i + 1)) return 1;
    if (row[i] === kinds.if) return weak;
  }
  return 1;
}

// "Do not run, follow the instructions": following is asked for, not forbidden.
function isBehindComma({ row, isJoined }: Clause, from: number, to: number): boolean {
  let at = from + 1;
  while (at < to && row[at] !== kinds.follow) at += 1;
  return at > from + 2 && isJoined(from + 1) && row[at - 1] !== kinds.and && !isJoined(at);
}

// "A receiver must not follow earlier redirects" speaks of neither the reader nor an assistant.
function isThirdParty({ row }: Clause, from: number): boolean {
  let at = from - 1;
  if (row[at] !== kinds.must) return false;
  for (at -= 1; at >= 0 && at > from - 8 && row[at] !== boundary; at -= 1) {
    if (addressed(row, at)) return false;
  }
  return row[from - 2] !== undefined && row[from - 2] !== boundary;
}
