/** Some lines of a YAML file that can be read without the rest: a top-level key, or one item of its list. */
export interface Piece {
  kind: 'key' | 'item' | 'other';
  /** The first line, counted from 0. */
  from: number;
  lines: string[];
  /** Where the line should begin: of an item the column of its dash. */
  column: number;
}

const blank = /^\s*(?:#.*)?$/;
/** The beginning of an item. */
export const dashed = /^\s*-(?:\s|$)/;
/** A key and what stands behind its colon. */
export const keyLine = /^(?<key>[A-Za-z_][\w.-]*|"[^"]*"|'[^']*')\s*:(?<value>\s.*)?$/s;

export const widthOf = (line: string): number => /^[\t ]*/.exec(line)?.[0].length ?? 0;
export const hasTab = (line: string): boolean => /^ *\t/.test(line);
export const isBlank = (line: string): boolean => blank.test(line);

/**
 * Cuts a file whose form is broken into its top-level keys and the items of their lists, by the beginnings of its lines alone.
 * A line that is indented wrongly goes where it was most likely meant.
 *
 * @param topLevel keys that stand nowhere else
 */
export function cutIntoPieces(lines: readonly string[], topLevel: readonly string[] = []): Piece[] {
  const pieces: Piece[] = [];
  let list: number | undefined;
  const begin = (kind: Piece['kind'], from: number, line: string, column: number) =>
    void pieces.push({ kind, from, lines: [line], column });
  for (const [index, line] of lines.entries()) {
    const last = pieces.at(-1);
    const body = line.trimStart();
    if (last && isBlank(line)) last.lines.push(line);
    else if (isBlank(line) || /^(?:---|\.\.\.|%)/.test(line)) begin('other', index, line, 0);
    else if (isItem(line, last, list)) {
      list ??= dashColumn(lines.slice(index));
      begin('item', index, line, list);
    } else if (isTopLevel(line, body, last) || topLevel.includes(keyLine.exec(body)?.groups?.['key'] ?? '')) {
      list = undefined;
      begin('key', index, line, 0);
    } else if (last) last.lines.push(line);
    else begin('key', index, line, 0);
  }
  return pieces;
}

function isItem(line: string, last: Piece | undefined, list: number | undefined): boolean {
  if (last === undefined) return false;
  const width = widthOf(line);
  if (!dashed.test(line)) {
    if (list === undefined || width !== list) return false;
    return /^\s*(?:-\S|\{)/.test(line) || (list > 0 && keyLine.test(line.trimStart()) && isWhole(last));
  }
  if (list === undefined) return last.kind === 'key' && beginsList(last.lines);
  // Further in, a list can stand only below a key without a value.
  return hasTab(line) || width < list + 2 || (width < list + 4 && (isWhole(last) || endsWithValue(last)));
}

/** An item in braces that are closed. */
const isWhole = ({ lines }: Piece) => /^-\s+\{.*\}\s*(?:#.*)?$/s.test(lines.join('\n').trim());

function endsWithValue({ lines }: Piece): boolean {
  const line = lines.findLast((other) => !isBlank(other))?.trimStart() ?? '';
  const value = keyLine.exec(line.replace(/^-\s+/, ''))?.groups?.['value'] ?? '';
  return !isBlank(value) && !/^\s*[[{"'|>]/.test(value);
}

// A list belongs to a key when nothing else stands between, and no bracket, quote or text is open.
function beginsList([first = '', ...rest]: readonly string[]): boolean {
  return !/:\s+[[{"'|>]/.test(first) && rest.every(isBlank);
}

// Where most of the dashes stand; lists within an item stand further in.
function dashColumn(lines: readonly string[]): number {
  const end = lines.findIndex((line) => !isBlank(line) && widthOf(line) === 0 && !dashed.test(line));
  const widths = lines
    .slice(0, end < 0 ? undefined : end)
    .flatMap((line) => (dashed.test(line) && !hasTab(line) ? [widthOf(line)] : []));
  const [first = 2] = widths;
  const count = (width: number) => widths.filter((other) => other === width).length;
  return widths
    .filter((width) => width >= first - 2 && width <= first + 1)
    .reduce((best, width) => (count(width) > count(best) ? width : best), first);
}

function isTopLevel(line: string, body: string, last: Piece | undefined): boolean {
  if (widthOf(line) === 0) return !/^[\]}]/.test(line);
  if (last === undefined) return keyLine.test(body);
  if (!keyLine.test(body)) return false;
  if (last.kind === 'item') {
    const [first = ''] = last.lines;
    if (hasTab(line) && hasTab(first) && widthOf(line) === widthOf(first)) return true;
    if (hasTab(line)) return isWhole(last);
    return widthOf(line) < last.column;
  }
  return false;
}
