import { LineCounter, parseDocument } from 'yaml';
import { firstBreak } from './mistakes-of.ts';
import { dashed, isBlank, keyLine, widthOf, type Piece } from './pieces.ts';
import { reindent } from './reindent.ts';
import { missingColon, missingDash } from './yaml-mistake.ts';

/** What could be read of a piece. Lines are counted from 0 within it. */
export interface Salvaged {
  lines: string[];
  problems: Array<{ line: number; message: string }>;
  /** Lines that were left out. */
  hidden: Set<number>;
  /** Whether a key is among them. */
  lacksKeys: boolean;
}

/** Puts the indentation of a piece right and leaves out, line by line, what is broken beyond that. */
export function salvage(piece: Piece): Salvaged {
  const lines = [...piece.lines];
  const problems: Salvaged['problems'] = [];
  const hidden = new Set<number>();
  let lacksKeys = false;
  const leaveOut = (at: number, replaced: string) => {
    lacksKeys ||= !replaced.includes(':');
    lines[at] = replaced;
    hidden.add(at);
  };
  const rounds = maxRounds(piece);
  for (let round = 0; round < rounds; round += 1) {
    const { lines: placed, moved, doubtful } = reindent({ ...piece, lines });
    const found = breakOf({ ...piece, lines: placed });
    if (found === undefined) {
      problems.push(...moved.filter(({ line }) => !hidden.has(line)));
      for (const line of doubtful) {
        placed[line] = '';
        hidden.add(line);
      }
      return { lines: placed, problems, hidden, lacksKeys: lacksKeys || doubtful.length > 0 };
    }
    const { line: at } = found;
    const line = lines[at] ?? '';
    // What is left of a broken line before is not a mistake of its own.
    // Nor is the bracket around one.
    const isNew = problems.every((told) => told.line < at);
    if (isNew && (round === 0 || isBeginning(line))) problems.push(found);
    if (at === 0 && moved[0]?.line === 0) problems.push(moved[0]);
    const replaced = at === 0 ? headOf(piece) : valueless(placed[at] ?? '');
    if (hidden.has(at) || replaced === undefined) break;
    const dropsBelow = at > 0 || !/^[A-Za-z_][\w.-]*(?:\s*:)?(?:\s+[^[{"'|>\s].*|\S*)$/.test(line.trim());
    leaveOut(at, replaced);
    const width = at === 0 && piece.kind === 'item' ? piece.column + dashWidth(line) : widthOf(line);
    if (dropsBelow) for (const next of below(lines, at, width)) leaveOut(next, '');
  }
  const [first, ...others] = problems.toSorted((a, b) => a.line - b.line);
  return {
    lines: [
      piece.kind === 'item' ? `${' '.repeat(piece.column)}- ~` : (headOf(piece) ?? ''),
      ...lines.slice(1).map(() => ''),
    ],
    problems: first ? [first, ...others.filter(({ line }) => isBeginning(piece.lines[line] ?? ''))] : [],
    hidden: new Set(piece.lines.keys()),
    lacksKeys: true,
  };
}

// Each reads the whole piece again, in the process that watches the file too.
const maxRounds = ({ lines }: Piece) => (lines.length > 200 ? 3 : 50);

/** The lines behind a line that belong to it. */
function below(lines: readonly string[], at: number, width: number): number[] {
  const found: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (index <= at || isBlank(line)) continue;
    if (widthOf(line) <= width) break;
    found.push(index);
  }
  return found;
}

const isBeginning = (line: string) => dashed.test(line) || keyLine.test(line.trimStart());

// The first line without its value: the name of the key, or the dash and the name.
function headOf({ kind, lines: [first = ''], column }: Piece): string | undefined {
  const body = first.trimStart();
  if (kind === 'key') {
    const name = keyLine.exec(body)?.groups?.['key'] ?? /^[A-Za-z_][\w.-]*/.exec(body)?.[0];
    return name === undefined ? undefined : `${name}:`;
  }
  const name = body.replace(/^-\s*/, '');
  if (kind === 'other' || /^[[{"'|>]/.test(name) || (name === body && !keyLine.test(body))) return undefined;
  const dash = `${' '.repeat(column)}-${' '.repeat(dashWidth(first) - 1)}`;
  return `${dash}${valueless(name)}`.trimEnd();
}

// Keys stand at least two columns behind their dash.
const dashWidth = (line: string) => Math.max(2, /^-\s*/.exec(line.trimStart())?.[0].length ?? 0);

function valueless(line: string): string {
  const key = keyLine.exec(line.trimStart())?.groups?.['key'];
  return key === undefined ? '' : `${' '.repeat(widthOf(line))}${key}: ~`;
}

/** The first mistake in the form of a piece. */
export function breakOf({ kind, lines }: Piece): { line: number; message: string } | undefined {
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
