import { cutIntoPieces, keyLine, type Piece } from './pieces.ts';
import { breakOf, salvage } from './salvage.ts';

export interface RepairedYaml {
  /** Has the same lines; what could not be read is left out. */
  text: string;
  /** Lines are counted from 1. */
  problems: Array<{ line: number; message: string }>;
  /** Lines of which nothing can be told but that they are wrong. */
  hidden: ReadonlySet<number>;
  /** Lines around those, in which a key may be missing only because it was left out. */
  incomplete: ReadonlySet<number>;
}

/**
 * Makes a text whose form is broken readable, piece by piece, so that a mistake in one hides nothing in the others: wrong
 * indentation is put right, and what is broken beyond that is left out. Never throws; no message quotes the text.
 *
 * @param topLevel keys that stand at the top and nowhere else: they are known even where they are indented
 */
export function repairYaml(text: string, topLevel: readonly string[] = []): RepairedYaml {
  const pieces = cutIntoPieces(text.replace(/^\uFEFF/, '').split(/\r?\n/), topLevel);
  const isKey = ({ kind, lines: [first = ''] }: Piece) => kind === 'key' && keyLine.test(first.trimStart());
  const problems: RepairedYaml['problems'] = [];
  const hidden = new Set<number>();
  const incomplete = new Set<number>();
  // A list, a text or something in brackets cannot be cut by its lines.
  const begin = pieces.find(({ kind }) => kind !== 'other');
  if (!pieces.some(isKey) || /^\s*[[{]/.test(begin?.lines[0] ?? '')) {
    return { text, problems, hidden, incomplete };
  }
  const firstLine = (begin?.from ?? 0) + 1;
  const out = pieces.flatMap((piece) => {
    const isPlaced = piece.kind === 'other' || /^ */.exec(piece.lines[0] ?? '')?.[0].length === piece.column;
    if (isPlaced && breakOf(piece) === undefined) return piece.lines;
    const saved = salvage(piece);
    problems.push(...saved.problems.map(({ line, message }) => ({ line: piece.from + line + 1, message })));
    for (const line of saved.hidden) hidden.add(piece.from + line + 1);
    if (saved.lacksKeys) {
      for (const line of piece.lines.keys()) incomplete.add(piece.from + line + 1);
      // The whole file begins in its first line.
      if (piece.kind === 'key') incomplete.add(firstLine);
    }
    return saved.lines;
  });
  return { text: out.join('\n'), problems, hidden, incomplete };
}
