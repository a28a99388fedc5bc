import { boundary, kinds, unknownKind } from '../words/kinds.ts';
import { kindSet, wordSet, type Clause } from './clause.ts';

const betweenPeople = 0.45;
const bare = 0.65;
const either = 0.55;
const elsewhere = 0.35;
const ownWords = 0.5;

// What people send each other, in the languages of the lexicon that write so.
const things = wordSet(
  'message messages mail mails email emails notice notices note notes reminder reminders draft drafts copy copies version versions invoice invoices quote quotes comment comments request requests warning warnings order letter letters attachment attachments announcement announcements statement statements bill bills ticket tickets link links post posts call calls document documents invitation invitations newsletter newsletters notification notifications alert alerts estimate estimates offer offers agenda correspondence page pages form forms header headers nachricht nachrichten schreiben mahnung mahnungen fassung fassungen rechnung rechnungen hinweis hinweise messages courriel courriels courrier courriers facture factures mensaje mensajes correo correos aviso avisos factura facturas mensagem mensagens messaggio messaggi',
);
// These are between people, or steer an assistant.
const ambiguous = wordSet('orders directions direction task tasks command commands parameters');
const courteous =
  /\b(?:please|kindly|sorry|apolog\w{3,5}|thanks?|thank you|bitte|merci|veuillez|por favor|favor|disculp\w{1,3}|we ask|you (?:can|may)|safely)\b|\b(?:fix|feat|chore|docs|refactor|perf|test|build|ci|style|revert)(?:\([\w./-]{1,30}\))?!?:/;
const people = wordSet(
  'my our me us i we meine meinen unsere unseren mon mes notre nos mi mis nuestro nuestros mio minha meu',
);
const purposes = wordSet(
  'shipping delivery assembly mounting cooking baking installation parking travel joining packing care washing return pickup driving knitting dial-in dosage cleaning route',
);
const steers = kindSet('instruction', 'systemPrompt', 'prompt', 'system', 'safety', 'your');
const isNoThing = kindSet('prior', 'all', 'the', 'above', 'ignore', 'bypass');
const goesOn = kindSet('prior', 'all', 'the', 'above', 'your', 'me');
const isAboutReader = kindSet(
  'instruction',
  'rule',
  'systemPrompt',
  'prompt',
  'system',
  'limit',
  'safety',
  'your',
  'ai',
  'agent',
  'you',
);
const isOfAssistant = kindSet('your', 'you', 'system', 'systemPrompt', 'prompt', 'ai', 'agent');
const sources =
  /^\W{0,2}\s?(?:(?:that|which)\s(?:are\s|is\s|may be\s)?)?(?:(?:contained|given|found|included|written|printed|stamped|set out|hidden|come|came|comes|coming|appear|appears|embedded)\s)?(?:in|from|inside|within|on|with)\s(?:it|them|(?:(?:this|the|a|an|any|such|these|retrieved|quoted|untrusted|external|tool|web|its|old|older|first|printed)\s){0,3}(?:(?:back|front|side|bottom|inside|rear)(?:\sof\sthe)?\s?){0,1}(?:(?:web)?pages?|web pages?|websites?|sites?|documents?|e-?mails?|mails?|messages?|attachments?|files?|outputs?|results?|letters?|manuals?|booklets?|leaflets?|handbooks?|brochures?|packets?|box|cover|lid|tin|jar|bag|bottle|carton|packaging|package|sticker|poster|wall|shel(?:f|ves)|kit|device|labels?))\b(?!\s(?:from|of|by|above)\b)/;
const knowledge = /^(?:\s\w{1,12}){0,2}\s(?:know|knew|thought|heard|learned|learnt|read)\sabout\b/;

/**
 * How much the thing that is set aside has to do with an assistant: a message, a copy, a notice lies between people; rules and
 * instructions steer.
 *
 * @returns 1, or less for what lies between people
 */
export function objectFactor(clause: Clause, from: number, to: number): number {
  const { row, word } = clause;
  const last = row[to];
  if (goesOnToSteer(row, to)) return 1;
  if (isPart(clause, from, to)) return betweenPeople;
  if (last === kinds.instruction || last === kinds.told || last === kinds.above || last === kinds.prior) {
    const factor = instructionFactor(clause, from, to);
    if (factor < 1) return factor;
  }
  let steering = false;
  let thing = false;
  let doubtful = false;
  let everything = false;
  for (let i = from + 1; i <= to; i += 1) {
    if (isNoThing(row, i)) continue;
    if (steers(row, i)) {
      steering = true;
      continue;
    }
    const name = word(i);
    if (things.has(name)) thing = true;
    else if (ambiguous.has(name)) doubtful = true;
    else if (row[i] === kinds.rule || row[i] === kinds.limit) steering = true;
    if (row[i] === kinds.everything) everything = true;
  }
  if (last === kinds.rule && isOtherVerb(clause, from, to)) return either;
  if (steering)
    return last === kinds.rule && !hasKind(clause, from, to, kinds.your) ? ruleFactor(clause, to) : 1;
  if (thing) return isAlone(clause, from, to) ? bare : betweenPeople;
  if (doubtful && hasPeople(clause, from, to)) return ownWords;
  if (doubtful && last === kinds.rule && ruleFactor(clause, to) < 1) return either;
  if (doubtful) return isAlone(clause, from, to) || !isCourteous(clause, from, to) ? 1 : either;
  return everything ? everythingFactor(clause, from, to) : 1;
}

const sent = wordSet('sent mailed emailed posted');
const parts = wordSet(
  'point points step steps section sections paragraph paragraphs item items chapter page bullet clause',
);

// "Point 3 in the previous guidelines I sent": who corrects a letter says which part of it.
function isPart(clause: Clause, from: number, to: number): boolean {
  const { row, word } = clause;
  const at = row[from + 1] === kinds.the ? from + 2 : from + 1;
  if (!parts.has(word(at)) || !/^\d/.test(word(at + 1))) return false;
  for (let i = at; i <= to + 3 && row[i] !== boundary; i += 1) {
    if (isOfAssistant(row, i) && !(i > to && sent.has(word(i - 1)))) return false;
  }
  return isCourteous(clause, from, to) || people.has(word(to + 1));
}

const cases = wordSet('on if when unless for');

const isOfSystem = (clause: Clause, from: number, to: number): boolean =>
  hasKind(clause, from, to, kinds.system) || hasKind(clause, from, to, kinds.prior);

// "My previous message and all previous instructions".
function goesOnToSteer(row: string, to: number): boolean {
  if (row[to + 1] !== kinds.and) return false;
  let at = to + 2;
  while (at < to + 7 && goesOn(row, at)) at += 1;
  return steers(row, at) || row[at] === kinds.rule || row[at] === kinds.limit || row[at - 1] === kinds.your;
}

// "Shipping instructions", "instructions contained in this message".
function instructionFactor(clause: Clause, from: number, to: number): number {
  const { row, word } = clause;
  let at = to;
  while (at > from && row[at] !== kinds.instruction) at -= 1;
  if (at === from || hasKind(clause, from, at, kinds.your)) return 1;
  if (row[at - 1] === unknownKind && purposes.has(word(at - 1)))
    return isAlone(clause, from, at) ? either : betweenPeople;
  // "Ignore the instructions above on Windows".
  if (row[to] === kinds.above && to > at && !isOfSystem(clause, from, to) && cases.has(word(to + 1)))
    return either;
  if (hasKind(clause, from, at, kinds.prior) || hasKind(clause, from, at, kinds.system)) return 1;
  return isFromElsewhere(clause, at) ? elsewhere : 1;
}

/** Are the instructions those of a message or a page: "instructions contained in it"? */
export const isFromElsewhere = ({ text, endOf }: Clause, at: number): boolean =>
  sources.test(text.slice(endOf(at), endOf(at) + 80));

const topics = wordSet('of for on about with');

// "The old rules of fashion", "previous rules for overtime".
function ruleFactor({ row, word }: Clause, to: number): number {
  if (word(to) === 'rule' && row[to - 1] === kinds.prior) return either;
  if (!topics.has(word(to + 1))) return 1;
  for (let i = to + 2; i < to + 5 && row[i] !== boundary; i += 1) {
    if (isAboutReader(row, i)) return 1;
  }
  return either;
}

const wrote = wordSet('wrote said sent asked mentioned posted');

// "Everything I wrote", "everything you know about tomatoes".
function everythingFactor({ row, word, text, endOf }: Clause, from: number, to: number): number {
  let at = from;
  while (at < to && row[at] !== kinds.everything) at += 1;
  const who = word(at + 1);
  if ((who === 'i' || who === 'we') && wrote.has(word(at + 2))) return ownWords;
  if (who !== 'you' || !knowledge.test(text.slice(endOf(at + 1), endOf(at + 1) + 60))) return 1;
  for (let i = at + 2; i < at + 9 && row[i] !== boundary; i += 1) {
    if (isAboutReader(row, i)) return 1;
  }
  return ownWords;
}

const isName = (kind: string | undefined): boolean =>
  kind === kinds.all || kind === kinds.the || kind === kinds.data || kind === unknownKind;

// "Ignore generated files, remove prior rules": the rules belong to the second verb.
function isOtherVerb({ row, isJoined }: Clause, from: number, to: number): boolean {
  let at = from + 1;
  while (at < to && isName(row[at])) at += 1;
  return (
    at > from + 1 &&
    row[at - 1] !== kinds.all &&
    row[at - 1] !== kinds.the &&
    row[at] === kinds.harm &&
    !isJoined(at)
  );
}

function hasKind({ row }: Clause, from: number, to: number, kind: string): boolean {
  for (let i = from; i <= to; i += 1) if (row[i] === kind) return true;
  return false;
}

// An order and nothing else, as no one writes to people.
function isAlone(clause: Clause, from: number, to: number): boolean {
  const { row } = clause;
  const begins = from === 0 || row[from - 1] === boundary;
  const ends = to + 1 >= row.length || row[to + 1] === boundary || row[to + 1] === kinds.and;
  return begins && ends && !isCourteous(clause, from, to);
}

function hasPeople({ word }: Clause, from: number, to: number): boolean {
  for (let i = from + 1; i <= to; i += 1) if (people.has(word(i))) return true;
  return false;
}

function isCourteous(clause: Clause, from: number, to: number): boolean {
  if (hasPeople(clause, from, to)) return true;
  const { text, endOf } = clause;
  const begin = Math.max(0, endOf(from) - 60);
  return courteous.test(text.slice(begin, endOf(to) + 60));
}
