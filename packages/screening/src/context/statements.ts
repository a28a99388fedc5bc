import { boundary, kinds } from '../words/kinds.ts';
import { droppedFactor } from './void-rules-factor.ts';
import { notFollowedFactor } from './not-followed-factor.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';

const claimed = 0.4;
const advised = 0.6;
const able = 0.7;

const advice = wordSet('should need needs required');
const abilities = wordSet('can could may might will would also');
const listed = wordSet('for from on in at list were have was');
const compounds = wordSet(
  'type types format formats field fields role roles template templates handling support',
);
const isAssistant = kindSet('ai', 'agent');
const addressed = kindSet('you', 'your', 'ai', 'agent');
const measures = wordSet(
  'rate iteration size memory time os depth length line file disk speed search row column date upload request connection thread filesystem xpath',
);
const settings = wordSet('set reset add change modify move create enable run install merge');
const appliances = wordSet(
  'lighting light lights valve valves system systems camera cameras belt belts car catch lock locks door doors gate glass net pin strap cover',
);
const flaws = wordSet('via vulnerability vulnerabilities through flaw bug cve attack attacks issue');
const deeds = kindSet('harm', 'transfer', 'show', 'ignore', 'bypass', 'skip', 'tell', 'follow', 'pretend');

/** How much a phrase without a verb of setting aside says: "AI agents should be tested", "the old rules are replaced when". */
export function statementFactor(clause: Clause, from: number, to: number): number {
  const { row, word, isJoined } = clause;
  const last = row[to];
  if (row[from] === kinds.not) {
    // "Vendors claim that their assistants never reveal it."
    if (isAssistant(row, from - 1) && isJoined(from) && word(from - 1).endsWith('s')) return claimed;
    return hasKind(row, from, to, kinds.follow) ? notFollowedFactor(clause, from, to) : 1;
  }
  if (row[from] === kinds.stop) return stoppedFactor(clause, from);
  if (last === kinds.limit) return limitFactor(clause, from, to);
  if (last === kinds.bypass) return nameFactor(clause, to);
  if (last === kinds.safety) return appliances.has(word(to + 1)) && isJoined(to + 1) ? claimed : 1;
  if (last === kinds.approval) return approvalFactor(clause, from, to);
  if (last === kinds.superseded) return droppedFactor(clause, from, to);
  if (isAssistant(row, from)) return assistantFactor(clause, from, to);
  // "Your new tasks for this week", "new system message types".
  if (row[from] === kinds.your && hasKind(row, from, to, kinds.new)) {
    return isJoined(to + 1) && listed.has(word(to + 1)) ? able : 1;
  }
  if (row[from] === kinds.new && row[from + 1] === kinds.system)
    return compounds.has(word(to + 1)) ? claimed : 1;
  return 1;
}

// "AI agents should be tested" and "assistants can read mail" are news; what they "must" do, or should send, is an order.
function assistantFactor({ row, word }: Clause, from: number, to: number): number {
  for (let i = from + 1; i <= to; i += 1) {
    if (row[i] !== kinds.must) continue;
    const acts = deeds(row, i + 1) || (row[i + 1] !== kinds.not && deeds(row, i + 2));
    return advice.has(word(i)) && !acts ? advised : 1;
  }
  const last = row[to];
  return (last === kinds.read || last === kinds.show) && abilities.has(word(to - 1)) ? able : 1;
}

// "The installer no longer asks for approval" is about a program.
function stoppedFactor({ row, word, isJoined }: Clause, from: number): number {
  if (word(from) !== 'longer' || row[from - 1] !== kinds.not || !isJoined(from) || !isJoined(from - 1))
    return 1;
  for (let i = from - 2; i >= 0 && i > from - 6 && row[i] !== boundary; i -= 1)
    if (addressed(row, i)) return 1;
  return claimed;
}

// "Including, without limitation", "the rate limit": of contracts, and of machines.
function limitFactor({ word }: Clause, from: number, to: number): number {
  if (word(to) === 'limitation' && word(to - 1) === 'without') {
    return word(to - 2).startsWith('includ') || word(to + 1) === 'the' ? claimed : 1;
  }
  return to > from + 1 && measures.has(word(to - 1)) ? able : 1;
}

// "Certificate verification bypass via ...", "tests/system-override-tls.sh": names of faults and of files.
function nameFactor({ text, word, endOf, isJoined }: Clause, to: number): number {
  if (flaws.has(word(to + 1))) return claimed;
  return !isJoined(to) && /^-[a-z]/.test(text.slice(endOf(to), endOf(to) + 2)) ? claimed : 1;
}

// "Set it today without waiting for version 2" waits for no one's consent.
function approvalFactor({ row, word }: Clause, from: number, to: number): number {
  if (!word(to).startsWith('wait') || !settings.has(word(from))) return 1;
  for (let i = to + 1; i < to + 5 && row[i] !== boundary; i += 1) {
    if (row[i] === kinds.approval || row[i] === kinds.user || row[i] === kinds.agent || row[i] === undefined)
      return 1;
  }
  return able;
}

function hasKind(row: string, from: number, to: number, kind: string): boolean {
  for (let i = from; i <= to; i += 1) if (row[i] === kind) return true;
  return false;
}
