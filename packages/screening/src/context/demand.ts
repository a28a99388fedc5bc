import { boundary, kinds } from '../words/kinds.ts';
import { wordSet, type Clause } from './clause.ts';

/** What is asked for beside a phrase: something that letters between people ask for too, or what an attack is after. */
export type Demand = 'some' | 'attack';

const after = 60;
const before = 40;
const objectReach = 8;
const shownReach = 4;

const deeds = wordSet(
  'run execute wire pay pays transfer transfers buy purchase deploy install grant approve refund merge escalate drop wipe unlock export uberweise uberweisen virez paga ejecuta',
);
const clears = wordSet('delete remove losche loschen supprimez elimine elimina');
const papers =
  /\b(?:it|them|this|e-?mails?|mails?|messages?|cop(?:y|ies)|notes?|letters?|drafts?|nachricht|correo|mensaje|le)\b/;
const goods: ReadonlySet<string | undefined> = new Set([
  kinds.secret,
  kinds.hush,
  kinds.data,
  kinds.address,
  kinds.all,
  kinds.everything,
  kinds.systemPrompt,
  kinds.system,
]);

/** What the words around a phrase ask for. */
export function demandAround(clause: Clause, from: number, to: number): Demand | undefined {
  const { row } = clause;
  let demand: Demand | undefined;
  const end = Math.min(row.length, to + 1 + after);
  for (let i = Math.max(0, from - before); i < end; i += 1) {
    if (i >= from && i <= to) continue;
    const found = demandAt(clause, i);
    if (found === 'attack') return found;
    if (found === 'some' && i > to) demand = found;
  }
  return demand;
}

function demandAt(clause: Clause, at: number): Demand | undefined {
  const { row, word } = clause;
  switch (row[at] ?? boundary) {
    case kinds.transfer:
    case kinds.show:
    case kinds.read:
    case kinds.harm:
      return clause.mayBeginOrder(at) ? orderAt(clause, at) : undefined;
    case kinds.silently:
      return 'attack';
    case kinds.pretend:
    case kinds.follow:
      return clause.mayBeginOrder(at) && row[at - 1] !== undefined ? 'attack' : undefined;
    case kinds.ai:
    case kinds.agent:
      return row.slice(Math.max(0, at - 4), at).includes(kinds.you) ? 'attack' : undefined;
    case kinds.tell:
      return word(at) === 'tell' && row[at + 1] !== kinds.me && clause.mayBeginOrder(at) ? 'some' : undefined;
    case kinds.answer:
    case kinds.tool:
      return clause.mayBeginOrder(at) ? 'some' : undefined;
    case kinds.you:
      if (row[at + 1] === kinds.must) return mustAt(clause, at + 2);
      return row[at + 1] === kinds.now || row[at + 2] === kinds.now ? 'attack' : undefined;
    case kinds.now:
      return row.slice(at + 1, at + 4).includes(kinds.you) ? 'attack' : undefined;
    case kinds.not:
      return /^[^|]{0,2}[Rt][^|]{0,3}U/.test(row.slice(at + 1, at + 8)) ? 'attack' : undefined;
    case kinds.without:
    case kinds.skip:
      return isUnapproved(clause, at) ? 'attack' : undefined;
    default:
      return undefined;
  }
}

// "Without asking", "skip the confirmation"; "must not act without approval" asks for the contrary.
function isUnapproved({ row, word, isJoined, text, endOf }: Clause, at: number): boolean {
  // A name: SKIP_REVIEW.
  if (text[endOf(at)] === '_') return false;
  // What an option does: "skips the confirmation".
  if (row[at] === kinds.skip && /[^s]s$/.test(word(at))) return false;
  for (let i = at - 1; i >= 0 && i > at - objectReach && isJoined(i + 1); i -= 1) {
    if (row[i] === kinds.not) return false;
  }
  for (let i = at + 1; i < at + 5 && row[i] !== boundary; i += 1) {
    if (row[i] === kinds.approval) return true;
  }
  return false;
}

// What "you must" is followed by.
function mustAt(clause: Clause, from: number): Demand | undefined {
  for (let i = from; i < from + 3; i += 1) {
    const kind = clause.row[i];
    if (kind === kinds.not || kind === boundary || kind === undefined) return undefined;
    if (kind === kinds.pretend || kind === kinds.ignore || kind === kinds.bypass || kind === kinds.skip)
      return 'attack';
    if (kind === kinds.transfer || kind === kinds.show || kind === kinds.read || kind === kinds.harm)
      return orderAt(clause, i);
  }
  return undefined;
}

function orderAt({ row, word, text, endOf }: Clause, at: number): Demand | undefined {
  const own = word(at);
  if (clears.has(own)) {
    return papers.test(text.slice(endOf(at), endOf(at) + 40)) ? undefined : 'attack';
  }
  if (deeds.has(own)) return 'attack';
  const kind = row[at];
  const far = kind === kinds.show ? shownReach : objectReach;
  for (let i = at + 1; i <= at + far && row[i] !== boundary; i += 1) {
    if (goods.has(row[i])) return 'attack';
  }
  return kind === kinds.read ? undefined : 'some';
}
