import { buildAutomaton, type Automaton } from './automaton.ts';
import { createCodes } from './codes.ts';
import { colouredParts, withoutColours } from './colours.ts';
import { mergeSecrets } from './merge.ts';
import { longestLookBack, type Memory, type Rule, type Scan, type Secret, type Stretch } from './rule.ts';

interface Entry {
  length: number;
  rule: Rule;
}

export interface Finder {
  /**
   * Finds what begins from `from` to before `to`, with all of the text in view.
   *
   * @returns in order, none overlapping another; undefined when there is nothing
   */
  find(text: string, from?: number, to?: number): Secret[] | undefined;
  /** Of the last call: where something begins whose finding may change with what follows the text. */
  openFrom(): number;
}

/** One pass over the text for the keywords of all rules; a rule is asked only where one of its keywords stands. */
export function createFinder(rules: readonly Rule[]): Finder {
  const words = [...new Set(rules.flatMap(({ keywords }) => keywords))];
  const automaton = buildAutomaton(words);
  const entriesOf = new Map(
    words.map((word) => [
      word,
      rules.filter(({ keywords }) => keywords.includes(word)).map((rule) => ({ length: word.length, rule })),
    ]),
  );
  // By final state. Notes first: a rule at the same place reads what they leave.
  const entries = automaton.ends.map((ends) =>
    ends
      .flatMap((index) => entriesOf.get(words[index] ?? '') ?? [])
      .sort((a, b) => Number(b.rule.family === 'note') - Number(a.rule.family === 'note')),
  );
  const longestWord = Math.max(...words.map(({ length }) => length));
  const hits = compileHits(automaton, entries);
  let open = Infinity;
  const run = (text: string, from: number, to: number): Found | undefined => {
    const begin = from === 0 ? 0 : Math.max(0, from - longestLookBack);
    return hits(text, begin, from, to, Math.min(text.length, to + longestWord));
  };
  return {
    find(text, from = 0, to = text.length) {
      const found = run(text, from, to);
      if (found === undefined) {
        open = Infinity;
        return undefined;
      }
      open = found.openFrom;
      return found.colours.length > 0 ? findPlain(text, from, to, found) : found.secrets;
    },
    openFrom: () => open,
  };

  // Once more without colours, and both together: a colour may part what belongs together, or end a token.
  function findPlain(text: string, from: number, to: number, found: Found): Secret[] | undefined {
    const all = [...(found.secrets ?? [])];
    for (const part of colouredParts(text, found.colours, from, to)) {
      const plain = withoutColours(part.text);
      const more = run(plain.text, plain.toPlain(part.from - part.at), plain.toPlain(part.to - part.at));
      const reachesEnd = part.at + part.text.length === text.length;
      if (reachesEnd) open = Math.min(open, part.at + plain.toStart(more?.openFrom ?? Infinity));
      for (const secret of more?.secrets ?? []) all.push(movedBy(part.at, plain.toOriginal(secret)));
    }
    return all.length === 0 ? undefined : mergeSecrets(all);
  }
}

const movedBy = (by: number, { lead, start, end, ...rest }: Secret): Secret => ({
  ...rest,
  lead: lead + by,
  start: start + by,
  end: end + by,
});

interface Found {
  secrets: Secret[] | undefined;
  colours: readonly Stretch[];
  openFrom: number;
}
type Hits = (text: string, begin: number, from: number, to: number, until: number) => Found | undefined;

// To copy less than that into an array takes longer than it saves.
const shortText = 1_024;

function compileHits(automaton: Automaton, entries: ReadonlyArray<readonly Entry[]>): Hits {
  const { next, classOf, start, firstFinal, classes } = automaton;
  const codes = createCodes();
  const { units } = codes;

  // Asks the rules whose keywords end in front of `end`.
  const askAll = (state: number, end: number, from: number, to: number, scan: Scan, found: Secret[]) => {
    for (const { length, rule } of entries[(state - firstFinal) / classes] ?? []) {
      const secrets = ask(rule, end - length, from, to, scan);
      if (secrets === undefined) continue;
      if (Array.isArray(secrets)) found.push(...secrets);
      else found.push(secrets);
    }
  };

  const inShort: Hits = (text, begin, from, to, until) => {
    let state = start;
    let scan: Scan | undefined;
    let found: Secret[] | undefined;
    for (let i = begin; i < until; i += 1) {
      const c = text.charCodeAt(i);
      state = next[state + (c < 128 ? (classOf[c] as number) : 0)] as number;
      if (state < firstFinal) continue;
      scan ??= newScan(text);
      found ??= [];
      askAll(state, i + 1, from, to, scan, found);
    }
    return scan === undefined ? undefined : resultOf(scan, found);
  };

  // By itself it is compiled once and for all, whatever the rules do.
  let state = start;
  const toKeyword = (from: number, length: number): number => {
    let [i, at] = [from, state];
    do {
      const c = units[i] as number;
      at = next[at + (c < 128 ? (classOf[c] as number) : 0)] as number;
      i += 1;
    } while (at < firstFinal && i < length);
    state = at;
    return i;
  };

  const inLong: Hits = (text, begin, from, to, until) => {
    state = start;
    const scan = newScan(text);
    const found: Secret[] = [];
    for (let at = begin; at < until;) {
      const length = codes.read(text, at, until);
      for (let i = 0; i < length;) {
        i = toKeyword(i, length);
        if (state >= firstFinal) askAll(state, at + i, from, to, scan, found);
      }
      at += length;
    }
    return resultOf(scan, found);
  };

  return (text, begin, from, to, until) =>
    (until - begin < shortText ? inShort : inLong)(text, begin, from, to, until);
}

function resultOf({ colours, openFrom }: Scan, found: Secret[] | undefined): Found | undefined {
  const secrets = found === undefined || found.length === 0 ? undefined : mergeSecrets(found);
  return secrets === undefined && colours.length === 0 && openFrom === Infinity
    ? undefined
    : { secrets, colours, openFrom };
}

function ask(rule: Rule, at: number, from: number, to: number, scan: Scan): Secret | Secret[] | undefined {
  if (at < scan.placeholderEnd || at >= to) return undefined;
  if (rule.family === 'note') return rule.find(at, scan);
  if (at < from) return undefined;
  if (rule.family === 'token') return askForToken(rule, at, scan);
  // Between the word that led to a value far behind it and that value may be another one.
  if (at >= scan.valueFrom && at < scan.valueEnd) return undefined;
  if (rule.rest !== undefined && at < (scan.memories?.get(rule)?.restsTo ?? 0)) return undefined;
  const secret = rule.find(at, scan);
  if (secret === undefined && rule.rest !== undefined) {
    memoryOf(rule, scan).restsTo = endOfCommand(scan.text, at, at + rule.rest);
  }
  if (secret !== undefined && !Array.isArray(secret)) {
    scan.valueFrom = secret.start;
    scan.valueEnd = secret.end;
  }
  return secret;
}

// What such rules look for ends with the command that they are asked in: the next one is another matter.
function endOfCommand(text: string, from: number, to: number): number {
  for (let at = from; at < to && at < text.length; at += 1) {
    if ('\n\r|;&'.includes(text[at] ?? '')) return at;
  }
  return to;
}

// In one stretch of a text: `xoxb-xoxb-xoxb-...` is read a few times and not once for each of them.
const mostRejections = 4;

// Within what a rule has found itself it would find the same again, and again.
function askForToken(rule: Rule, at: number, scan: Scan): Secret | Secret[] | undefined {
  const before = scan.memories?.get(rule);
  if (before !== undefined) {
    if (at < before.foundTo) return undefined;
    if (at >= before.rejectedTo) before.rejections = 0;
    else if (before.rejections >= mostRejections) return undefined;
  }
  scan.rejectedUntil = -1;
  const found = rule.find(at, scan);
  if (scan.rejectedUntil > at) {
    const memory = memoryOf(rule, scan);
    memory.rejectedTo = scan.rejectedUntil;
    memory.rejections += 1;
  }
  const last = Array.isArray(found) ? found.at(-1) : found;
  if (last !== undefined) memoryOf(rule, scan).foundTo = last.end;
  return found;
}

function memoryOf(rule: Rule, scan: Scan): Memory {
  scan.memories ??= new Map();
  const known = scan.memories.get(rule);
  if (known !== undefined) return known;
  const memory = { foundTo: 0, rejectedTo: 0, rejections: 0, restsTo: 0 };
  scan.memories.set(rule, memory);
  return memory;
}

const newScan = (text: string): Scan => ({
  text,
  placeholderEnd: -1,
  valueFrom: -1,
  valueEnd: -1,
  memories: undefined,
  rejectedUntil: -1,
  bare: { from: 0, to: 0, ended: false },
  nameEnd: -1,
  commandAt: -1,
  kindSecretAt: -1,
  documentAt: -1,
  nextKindAt: -1,
  kindsReadTo: -1,
  blockEnd: -1,
  nextAtSign: -1,
  colours: [],
  openFrom: Infinity,
});
