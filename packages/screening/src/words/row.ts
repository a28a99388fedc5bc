import { spacedWords } from './lexicon.ts';
import { boundary, unknownKind } from './kinds.ts';

/** A row of kinds that grows word by word, and joins again what was divided to hide it. */
export interface Row {
  kinds: string[];
  starts: number[];
  ends: number[];
  /** Words that had to be put together. */
  disguised: number;
  put(kind: string, start: number, end: number): void;
  /** A word of letters: `apart` says how far behind the last one, `close` that only punctuation lies between. */
  word(kind: string | undefined, letters: string, start: number, apart: number, close: boolean): void;
  /** What comes next belongs to nothing before it. */
  end(): void;
}

const longest = 40;
const shortestRun = 5;
// Letters further apart than this are no spaced word.
const widestGap = 6;

export function createRow(): Row {
  const row: Row = { kinds: [], starts: [], ends: [], disguised: 0, put, word, end };
  // Pieces of a word, such as ig-no-re, and single letters, such as i g n o r e.
  let pieces = '';
  let piecesFrom = 0;
  let run = '';
  let runFrom = 0;
  let runLetters = 0;
  let gap = 0;

  function put(kind: string, start: number, end: number): void {
    row.kinds.push(kind);
    row.starts.push(start);
    row.ends.push(end);
  }

  function word(
    kind: string | undefined,
    letters: string,
    start: number,
    apart: number,
    close: boolean,
  ): void {
    const single = letters.length === 1;
    if (!single || apart > widestGap) endRun();
    if (!close || pieces.length + letters.length > longest) endPieces();
    if (pieces === '') piecesFrom = row.kinds.length;
    if (single) {
      if (run === '') {
        runFrom = row.kinds.length;
        gap = 0;
      } else if (gap === 0) gap = apart;
      if (run !== '' && apart > gap) run += ' ';
      run += letters;
      runLetters += 1;
    }
    pieces += letters;
    put(kind ?? unknownKind, start, start + letters.length);
  }

  function end(): void {
    endRun();
    endPieces();
  }

  function endPieces(): void {
    const count = row.kinds.length - piecesFrom;
    if (count > 1 && pieces.length >= shortestRun) {
      const kind = spacedWords.find(pieces, 0, pieces.length);
      if (kind !== undefined) replace(piecesFrom, [{ kind, first: 0, last: count - 1 }]);
    }
    pieces = '';
  }

  function endRun(): void {
    if (runLetters >= shortestRun && row.kinds.length - runFrom === runLetters) {
      replace(runFrom, wordsOf(run));
      pieces = '';
      piecesFrom = row.kinds.length;
    }
    run = '';
    runLetters = 0;
  }

  function replace(from: number, words: readonly Piece[]): void {
    const placed = words.map(({ kind, first, last }) => ({
      kind,
      start: row.starts[from + first] ?? 0,
      end: row.ends[from + last] ?? 0,
    }));
    row.kinds.length = row.starts.length = row.ends.length = from;
    for (const { kind, start, end } of placed) put(kind, start, end);
    row.disguised += words.filter(({ kind }) => kind !== unknownKind && kind !== boundary).length;
  }

  return row;
}

interface Piece {
  kind: string;
  /** Of the letters. */
  first: number;
  last: number;
}

// Words as wider gaps divide them; without any, the longest known word again and again.
function wordsOf(run: string): Piece[] {
  const divided = run.includes(' ');
  const found: Piece[] = [];
  let at = 0;
  for (const word of run.split(' ')) {
    const kind = spacedWords.find(word, 0, word.length);
    if (divided && (kind !== undefined || word.length < 12)) {
      found.push({ kind: kind ?? unknownKind, first: at, last: at + word.length - 1 });
    } else {
      segment(word, at, found);
    }
    at += word.length;
  }
  return found;
}

function segment(letters: string, at: number, found: Piece[]): void {
  for (let i = 0; i < letters.length;) {
    const word = spacedWords.longest(letters, i, Math.min(letters.length, i + 16));
    const next = word !== undefined && word.end - i > 2 ? word.end : i + 1;
    const last = found.at(-1);
    if (next > i + 1 && word) found.push({ kind: word.kind, first: at + i, last: at + next - 1 });
    else if (last?.kind === unknownKind && last.last === at + i - 1) last.last = at + i;
    else found.push({ kind: unknownKind, first: at + i, last: at + i });
    i = next;
  }
}
