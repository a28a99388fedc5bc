import { boundary, kinds, unknownKind } from '../words/kinds.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';
import { followsList, isDenied, setsAside } from './denied.ts';
import { isAsked, isCommit, isOffered, isTold, speakers, speaksToReader } from './reported-speech.ts';

/** What a verb is: an order, or something that is denied, past, told of, supposed, allowed, or that somebody else was told. */
export type Mood = 'order' | 'denied' | 'past' | 'reported' | 'supposed' | 'allowed' | 'told';

const pastHelpers = wordSet('could would might did does didnt couldnt');
const gerundBefore = wordSet('into from of for');
const passive = wordSet('be been being get hereby');
const articles = wordSet(
  'der die das ein eine unser unsere dieser diese jeder le la un une ce cette notre l el los una il lo',
);
const theirs = wordSet('their its');
const reach = 8;
const indicative = /(?:[^s]s|ed|overridden|forgotten)$/;
const relatives = wordSet('who which quiconque quien');
const names = wordSet('directive option flag command keyword field setting file parameter pragma attribute');
const perfect = wordSet('ont avait avaient hat haben hatte hatten ha han habia');
// The word before is a name or an adjective: "if override is true", "ignored when".
const copulas = wordSet('is are was were when');

/**
 * Is a verb an order? "Ignore the rules" is one; "no longer ignores", "could ignore", "tricked into ignoring" tell of something.
 *
 * @param from where the finding begins: a denial inside it is what was looked for
 */
export function moodOf(clause: Clause, verb: number, from: number): Mood {
  const { row, word, isJoined, text, endOf } = clause;
  // Most orders stand at the begin of a sentence, or behind an "and"; the rest costs more.
  if (opens(row, verb - 1) && !isUnknown(row, verb + 1) && !followsList(clause, verb)) {
    return row[verb - 1] === kinds.and && isInflected(clause, verb) ? 'past' : 'order';
  }
  // "Do not tell": the denial is the order.
  if (verb > from && denies(row, verb - 1) && !setsAside(row, verb)) return 'order';
  if (isDenied(clause, verb, from) || word(verb + 1) === 'keine') return 'denied';
  // The `ignore` directive.
  if (names.has(word(verb + 1)) && text[endOf(verb)] === '`') return 'reported';
  if (!isJoined(verb)) {
    if (copulas.has(word(verb + 1))) return 'reported';
    return isCommit(clause, verb) ? 'told' : 'order';
  }
  const own = word(verb);
  const before = word(verb - 1);
  if (relatives.has(before) || isPluralThat(clause, verb)) return 'reported';
  if (gerundBefore.has(before) && own.endsWith('ing')) return isPossible(clause, verb) ? 'supposed' : 'told';
  if (indicative.test(own) && isIndicative(clause, verb, own)) {
    if (isAnnounced(clause, verb)) return 'order';
    return own.endsWith('s') ? 'reported' : 'past';
  }
  if (perfect.has(before) || (before === 'a' && articles.has(word(verb - 3)))) return 'past';
  if (copulas.has(word(verb + 1))) return 'reported';
  if (isSubject(clause, verb - 1) && isJoined(verb - 1) && articles.has(word(verb - 2))) {
    return isAnnounced(clause, verb) ? 'order' : 'reported';
  }
  // Many chatbots reveal their rules.
  if (isAssistant(row[verb - 1]) && before.endsWith('s')) {
    if (theirs.has(word(verb + 1)) || isSubordinate(clause, verb - 1)) return 'reported';
  }
  if (pastHelpers.has(before))
    return speakers.has(word(verb - 2)) || speaksToReader(clause, verb - 1, 3) ? 'order' : 'supposed';
  if (isAsked(clause, verb) || isOffered(clause, verb)) return 'supposed';
  if (before === 'may') return speaksToReader(clause, verb - 1, 4) ? 'order' : 'allowed';
  if (before === 'can') return isReaderOrAgent(clause, verb - 1) ? 'order' : 'allowed';
  if (isCommit(clause, verb)) return 'told';
  if (!isTold(clause, verb)) return 'order';
  return isPossible(clause, verb) ? 'supposed' : 'told';
}

const causes = wordSet('make cause let lead get trick allow force');
const possibilities = wordSet('could might may can would');

// "Could make the bot leak".
function isPossible({ row, word }: Clause, verb: number): boolean {
  for (let i = verb - 2; i > 0 && i > verb - reach && row[i] !== boundary; i -= 1) {
    if (causes.has(word(i))) return possibilities.has(word(i - 1));
  }
  return false;
}

const s = 115;
const d = 100;

// "And ignored", "and sends" go on with what is told.
function isInflected({ word, lastLetter, isJoined }: Clause, verb: number): boolean {
  const last = lastLetter(verb);
  return (last === s || last === d) && /[^s]s$|ed$/.test(word(verb)) && isJoined(verb);
}

const opens = (row: string, at: number): boolean => at < 0 || row[at] === boundary || row[at] === kinds.and;

const denies = kindSet('not', 'without');
// "When" and "if" have a kind, "is" and "was" have none.
const isUnknown = (row: string, at: number): boolean => row[at] === unknownKind || row[at] === kinds.if;

const isAssistant = (kind: string | undefined): boolean => kind === kinds.ai || kind === kinds.agent;

function isIndicative(clause: Clause, verb: number, own: string): boolean {
  if (own.endsWith('s')) return isSubject(clause, verb - 1);
  return !passive.has(clause.word(verb - 1)) && clause.row[verb - 1] !== kinds.must;
}

const demands = wordSet('sure ensure ensures certain');

// "From now on the assistant ignores", "make sure that it ignores" are orders in another form.
function isAnnounced({ row, word }: Clause, verb: number): boolean {
  let assistant = false;
  let announced = false;
  for (let i = verb - 1; i >= 0 && i > verb - reach && row[i] !== boundary; i -= 1) {
    if (isAssistant(row[i])) assistant = true;
    if (row[i] === kinds.now) announced = true;
    if (demands.has(word(i))) return true;
  }
  for (let i = verb + 1; i < verb + reach && row[i] !== boundary; i += 1) {
    if (row[i] === kinds.now) return assistant || i < verb + 4;
  }
  return announced && assistant;
}

// Words that no sentence has as its subject, as far as they have a kind.
const noSubject: ReadonlySet<string | undefined> = new Set([
  kinds.you,
  kinds.your,
  kinds.not,
  kinds.must,
  kinds.if,
]);

const addresses = wordSet('please bitte por favor merci to');

const isSubject = ({ row, word }: Clause, at: number): boolean =>
  !noSubject.has(row[at]) && !addresses.has(word(at));

// "Robots that disregard the instructions".
const isPluralThat = ({ word, isJoined }: Clause, verb: number): boolean =>
  word(verb - 1) === 'that' && isJoined(verb - 1) && /[^s]s$/.test(word(verb - 2));

const binders = wordSet('that because since while which');

// "Why language models forget", "she says that chatbots ignore".
function isSubordinate({ row, word, isJoined }: Clause, subject: number): boolean {
  for (let i = subject - 1; i >= 0 && i > subject - 4 && isJoined(i + 1); i -= 1) {
    if (row[i] === kinds.how || row[i] === kinds.if || binders.has(word(i))) return true;
  }
  return false;
}

function isReaderOrAgent(clause: Clause, at: number): boolean {
  if (speaksToReader(clause, at, 4)) return true;
  for (let i = at; i >= 0 && i > at - 4 && clause.row[i] !== boundary; i -= 1) {
    if (isAssistant(clause.row[i])) return true;
  }
  return false;
}
