import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled } from './random.ts';

/** A piece of an area that is damaged in one run of Stryker, as its option `mutate` takes it. */
export type Chunk = readonly string[];

const linesOfPiece = 120;
// A run of Stryker begins with a run of all tests; one that is cut short keeps what it has.
const linesOfChunk = 360;

/** The file that a piece is of. */
export const fileOf = (piece: string) => piece.replace(/:\d+-\d+$/, '');

/** The lines of a piece, both ends included; those of a whole file are all that it can have. */
export function linesOf(piece: string): { from: number; to: number } {
  const [, from = 1, to = Infinity] = /:(\d+)-(\d+)$/.exec(piece) ?? [];
  return { from: Number(from), to: Number(to) };
}

/** The area in pieces of about as many lines, in the order that the seed says: what is done first is a random sample of it. */
export function chunksOf(root: string, sources: readonly string[], seed: number): Chunk[] {
  const included = sources.filter((glob) => !glob.startsWith('!'));
  const exclude = sources.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const files = globSync([...included], { cwd: root, exclude }).sort();
  const pieces = files.flatMap((file) => piecesOf(file, readFileSync(join(root, file), 'utf8')));
  const chunks: { lines: number; pieces: string[] }[] = [];
  for (const { text, lines } of shuffled(pieces, seed)) {
    const last = chunks.at(-1);
    if (last === undefined || last.lines + lines > linesOfChunk) chunks.push({ lines, pieces: [text] });
    else {
      last.lines += lines;
      last.pieces.push(text);
    }
  }
  return chunks.map((chunk) => chunk.pieces);
}

function piecesOf(file: string, content: string): { text: string; lines: number }[] {
  const total = content.split('\n').length;
  const count = Math.ceil(total / linesOfPiece);
  return Array.from({ length: count }, (_, index) => {
    const from = index * linesOfPiece + 1;
    const to = Math.min(from + linesOfPiece - 1, total);
    return { text: count === 1 ? file : `${file}:${from}-${to}`, lines: to - from + 1 };
  });
}
