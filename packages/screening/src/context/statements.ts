import { boundary, kinds } from '../words/kinds.ts';
import { isFromElsewhere } from './objects.ts';
import { wordSet, type Clause } from './clause.ts';

const supposed = 0.4;
const doubtful = 0.7;
const weaker = 0.75;

const helpers = wordSet('did could would had');
const walked = wordSet(
  'link links redirect redirects path road route signs account page trail url advice example',
);
const purposes = wordSet(
  'assembly shipping delivery cooking baking installation parking travel packing care washing dosage',
);
const advice = wordSet('should need needs required');
const plain = wordSet('for from on in at list were have was');
const able = wordSet('can could may might will would also');
const nouns = wordSet(
  'type types format formats field fields role roles template templates handling support',
);

/** How much a statement without a verb of setting aside says: "if you do not follow", "the old rules are replaced when". */
export function statementFactor(clause: Clause, from: number, to: number): number {
  const { row, word, isJoined } = clause;
  const first = row[from];
  const last = row[to];
  // Vendors claim that their assistants never reveal it.
  if (first === kinds.not && isAssistant(row[from - 1]) && isJoined(from) && word(from - 1).endsWith('s'))
    return supposed;
  if (first === kinds.not) return hasKind(row, from, to, kinds.follow) ? notFollowed(clause, from, to) : 1;
  if (last === kinds.superseded) return droppedFactor(clause, from, to);
  if (isAssistant(first)) {
    for (let i = from + 1; i <= to; i += 1)
      if (row[i] === kinds.must) return advice.has(word(i)) ? weaker : 1;
    if (last === kinds.read || last === kinds.show) return able.has(word(to - 1)) ? doubtful : 1;
  }
  if (first === kinds.your && hasKind(row, from, to, kinds.new))
    return plain.has(word(to + 1)) && isJoined(to + 1) ? doubtful : 1;
  if (first === kinds.new && row[from + 1] === kinds.system) return nouns.has(word(to + 1)) ? supposed : 1;
  return 1;
}

function hasKind(row: string, from: number, to: number, kind: string): boolean {
  for (let i = from; i <= to; i += 1) if (row[i] === kind) return true;
  return false;
}

const isAssistant = (kind: string | undefined): boolean => kind === kinds.ai || kind === kinds.agent;

// "Customers who did not follow", "if you do not follow the instructions, the warranty is void".
function notFollowed(clause: Clause, from: number, to: number): number {
  const { row, word, isJoined } = clause;
  if (helpers.has(word(from - 1)) || helpers.has(word(from).replace(/n'?t$/, ''))) return supposed;
  if (row[to] === kinds.instruction && isFromElsewhere(clause, to)) return supposed;
  if (isBehindComma(clause, from, to)) return supposed;
  if (row[to] === kinds.prior && isThirdParty(clause, from)) return supposed;
  if (walked.has(word(to + 1))) return supposed;
  for (let i = from - 1; i >= 0 && i > from - 5 && row[i] !== boundary; i -= 1) {
    if (!isJoined(i + 1)) return 1;
    if (row[i] === kinds.if) return supposed;
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
    if (row[at] === kinds.you || isAssistant(row[at])) return false;
  }
  return row[from - 2] !== undefined && row[from - 2] !== boundary;
}

// Rules of anything are replaced every day; instructions without a purpose, and "your" rules, steer.
function droppedFactor({ row, word }: Clause, from: number, to: number): number {
  let rules = false;
  for (let i = from; i < to; i += 1) {
    if (row[i] === kinds.your || row[i] === kinds.safety || row[i] === kinds.limit) return 1;
    if (row[i] === kinds.instruction) return purposes.has(word(i - 1)) ? doubtful : 1;
    if (row[i] === kinds.rule) rules = true;
  }
  const isAlone = row[from] === kinds.all && (row[to + 1] === boundary || to + 1 >= row.length);
  return rules && !isAlone ? doubtful : 1;
}
