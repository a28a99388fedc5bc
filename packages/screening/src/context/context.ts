import type { Family } from '../finding.ts';
import { demandAround } from './demand.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';
import { consentFactor } from './consent.ts';
import { setsAside } from './denied.ts';
import { moodOf, type Mood } from './mood.ts';
import { objectFactor } from './objects.ts';
import { ownSecretFactor } from './own-secret.ts';
import { isPlainOrder } from './plain-order.ts';
import { statementFactor } from './statements.ts';

/** The families whose phrases grammar has something to say about. */
export const judged: ReadonlySet<Family> = new Set<Family>([
  'override',
  'jailbreak',
  'exfiltration',
  'approval_bypass',
  'hidden_instruction',
  'secrecy',
]);
// What statements.ts has something to say about.
const begins = kindSet('not', 'stop', 'ai', 'agent', 'your', 'new');
const ends = kindSet('superseded', 'limit', 'bypass', 'approval', 'safety');
const acts = kindSet('show', 'tell', 'transfer', 'harm');
// Behind these the word is a name: "a mail might make the agent".
const modals = wordSet('could might may can must should will would');
const moodFactors: Readonly<Record<Mood, number>> = {
  order: 1,
  denied: 0.3,
  past: 0.3,
  reported: 0.38,
  supposed: 0.3,
  allowed: 0.65,
  told: 0.6,
};
// Made-up roles are told of, and what they do is what is wanted: "it ignores all limits".
const isMadeUp: ReadonlySet<Mood> = new Set<Mood>(['reported', 'allowed', 'told']);
// Something is asked for as well, but nothing that an attack would need.
const someDemand = 0.6;

/**
 * How much a phrase still says where it stands: less when a message rather than an instruction is set aside, or when it is denied
 * or told of; as much as ever when the words around it ask for what an attack is after.
 *
 * @param from the first word of the finding in the row of kinds, `to` its last one
 */
export function contextFactor(clause: Clause, family: Family, from: number, to: number): number {
  if (isPlainOrder(clause, from, to)) return 1;
  const { row } = clause;
  let factor = begins(row, from) || ends(row, to) ? statementFactor(clause, from, to) : 1;
  const verb = verbOf(clause, from, to);
  if (verb !== undefined && family !== 'secrecy') {
    const mood = moodOf(clause, verb, from);
    if (family !== 'jailbreak' || !isMadeUp.has(mood))
      factor = Math.min(factor, isWarning(family, mood) ? warning : moodFactors[mood]);
    if (setsAside(row, verb)) factor = Math.min(factor, objectFactor(clause, verb, to));
  }
  if (family === 'approval_bypass') factor = Math.min(factor, consentFactor(clause, from, to));
  if (family === 'exfiltration') factor = Math.min(factor, ownSecretFactor(clause, from, to));
  if (factor === 1) return 1;
  const demand = demandAround(clause, from, to);
  // A letter that tells of a consent asks for nothing.
  if (demand === 'attack' || (demand === 'some' && family === 'approval_bypass')) return 1;
  return demand === 'some' ? factor + (1 - factor) * someDemand : factor;
}

// "Never share your password" is what every site tells its users.
const warning = 0.15;
const isWarning = (family: Family, mood: Mood): boolean => family === 'exfiltration' && mood === 'denied';

// The verb that a finding is about: setting something aside says more than showing or sending.
function verbOf(clause: Clause, from: number, to: number): number | undefined {
  const { row } = clause;
  let other: number | undefined;
  for (let i = from; i <= to; i += 1) {
    if (setsAside(row, i)) return i;
    if (other === undefined && acts(row, i) && !modals.has(clause.word(i + 1))) other = i;
  }
  return other;
}
