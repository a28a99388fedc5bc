import { boundary, kinds, type Kind } from '../words/kinds.ts';
import type { Words } from '../words/words.ts';

/** A text word by word, with the kind of each: what a judgement about grammar looks at. */
export interface Clause {
  /** The kinds, one letter a word. */
  row: string;
  /** The folded word at a place of the row; empty outside of it. */
  word(at: number): string;
  /** Nothing but spaces, and the end of a quotation, lies between this word and the one before it, and no end of a sentence. */
  isJoined(at: number): boolean;
  /** An order can begin here: at the begin of a clause, or behind "and", "please", "now", "you must". */
  mayBeginOrder(at: number): boolean;
  /** The last letter of a word, without making a string of it. */
  lastLetter(at: number): number;
  /** Where in the text a word ends. */
  endOf(at: number): number;
  text: string;
}

const closing = '`"\'”’)*';
// A power of two.
const remembered = 64;
const openers = wordSet('so please kindly now instead just then simply bitte veuillez merci favor');

export function createClause(text: string, { kinds: row, starts, ends }: Words): Clause {
  // Words are asked for again and again, and a new string would have to be hashed each time.
  const places = new Int32Array(remembered).fill(-1);
  const strings: string[] = [];
  function word(at: number): string {
    const slot = at & (remembered - 1);
    if (places[slot] === at) return strings[slot] ?? '';
    places[slot] = at;
    return (strings[slot] = text.slice(starts[at] ?? 0, ends[at] ?? 0));
  }
  function isJoined(at: number): boolean {
    if (at <= 0 || row[at] === boundary || row[at - 1] === boundary) return false;
    const start = starts[at] ?? 0;
    let i = ends[at - 1] ?? 0;
    // A quotation that ends belongs to the word before it: `--yes` skips.
    while (i < start && closing.includes(text.charAt(i))) i += 1;
    for (; i < start; i += 1) if (text.charCodeAt(i) > 32) return false;
    return true;
  }
  // The second part of a word, or an option: "pre-send", "--reset", AUTO_APPROVE.
  function isAttached(at: number): boolean {
    const start = starts[at] ?? 0;
    if (text[start - 1] === '_') return true;
    return text[start - 1] === '-' && (text.charCodeAt(start - 2) > 32 || text[start - 2] === '-');
  }
  return {
    row,
    text,
    word,
    isJoined,
    lastLetter: (at) => text.charCodeAt((ends[at] ?? 0) - 1),
    endOf: (at) => ends[at] ?? text.length,
    mayBeginOrder(at) {
      if (!isJoined(at)) return !isAttached(at);
      const before = row[at - 1];
      if (before === kinds.and || before === kinds.now) return true;
      if (before === kinds.must) return row[at - 2] === kinds.you;
      return openers.has(word(at - 1));
    },
  };
}

/** A set of kinds, which is asked about a place of a row; a place outside of the row has none. */
export function kindSet(...names: readonly Kind[]): (row: string, at: number) => boolean {
  const table = new Uint8Array(128);
  for (const name of names) table[kinds[name].charCodeAt(0)] = 1;
  return (row, at) => table[row.charCodeAt(at)] === 1;
}

/** Words with spaces between them, as a set. */
export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
