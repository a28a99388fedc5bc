import { LineCounter, parseDocument } from 'yaml';
import { firstBreak } from './mistakes-of.ts';
import { cutIntoPieces, dashed, keyLine, type Piece } from './pieces.ts';
import { reindent } from './reindent.ts';
import { missingColon, missingDash } from './yaml-mistake.ts';

export interface RepairedYaml {
  /** Has the same lines; what could not be read is replaced by nothing. */
  text: string;
  /** Lines are counted from 1. */
  problems: Array<{ line: number; message: string }>;
  /** Lines of which nothing can be told but that they are wrong. */
  hidden: ReadonlySet<number>;
  /** Whether a top-level key may be among what was left out. */
  lacksKeys: boolean;
}

/**
 * Makes a text whose form is broken readable, piece by piece, so that a mistake in one hides nothing in the others: wrong
 * indentation is put right, and what is broken beyond that is left out. Never throws; no message quotes the text.
 */
export function repairYaml(text: string): RepairedYaml {
  const pieces = cutIntoPieces(text.replace(/^\uFEFF/, '').split(/\r?\n/));
  const isKey = ({ kind, lines: [first = ''] }: Piece) => kind === 'key' && keyLine.test(first.trimStart());
  const hidden = new Set<number>();
  const problems: RepairedYaml['problems'] = [];
  // A list, a text or something in brackets cannot be cut by its lines.
  const [begin] = pieces.filter(({ kind }) => kind !== 'other');
  if (!pieces.some(isKey) || /^\s*[[{]/.test(begin?.lines[0] ?? '')) return { text, problems, hidden, lacksKeys: false };
  let lacksKeys = false;
  const out = pieces.flatMap((piece) => {
    const asItIs = breakOf(piece);
    const moved = reindent(piece);
    const isPlaced = piece.lines[0] === moved.lines[0];
    if (asItIs === undefined && isPlaced) return piece.lines;
    const left = breakOf({ ...piece, lines: moved.lines });
    const told = moved.moved.length > 0 ? moved.moved : asItIs ? [asItIs] : [];
    for (const { line, message } of told) problems.push({ line: piece.from + line + 1, message });
    if (left === undefined && !moved.doubtful) return moved.lines;
    const isTold = left === undefined || told.some(({ line }) => line >= left.line);
    if (!isTold) problems.push({ line: piece.from + left.line + 1, message: left.message });
    const replaced = withoutContent(piece);
    if (piece.kind === 'key' && (moved.doubtful || !keyLine.test(replaced[0] ?? ''))) lacksKeys = true;
    for (const index of piece.lines.keys()) hidden.add(piece.from + index + 1);
    return replaced;
  });
  return { text: out.join('\n'), problems, hidden, lacksKeys };
}

function breakOf({ kind, lines }: Piece): { line: number; message: string } | undefined {
  if (kind === 'key' && !keyLine.test(lines[0]?.trimStart() ?? '')) return { line: 0, message: missingColon };
  if (kind === 'item' && !dashed.test(lines[0] ?? '')) return { line: 0, message: missingDash };
  const text = lines.join('\n');
  const lineCounter = new LineCounter();
  const found = firstBreak(
    () => parseDocument(text, { lineCounter, stringKeys: true, prettyErrors: false, logLevel: 'error' }),
    text,
  );
  return found && { line: Math.max(0, lineCounter.linePos(found.at).line - 1), message: found.message };
}

// Keeps the number of lines, the key, and the place in the list.
function withoutContent({ kind, lines, column }: Piece): string[] {
  const key = keyLine.exec(lines[0]?.trimStart() ?? '')?.groups?.['key'];
  const first = kind === 'item' ? `${' '.repeat(column)}- ~` : kind === 'key' && key ? `${key}: ~` : '';
  return [first, ...lines.slice(1).map(() => '')];
}
