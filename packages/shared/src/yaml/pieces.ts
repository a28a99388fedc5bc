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
 */
export function cutIntoPieces(lines: readonly string[]): Piece[] {
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
      list ??= hasTab(line) ? 2 : widthOf(line);
      begin('item', index, line, list);
    } else if (isTopLevel(line, body, last)) {
      list = undefined;
      begin('key', index, line, 0);
    } else if (last) last.lines.push(line);
    else begin('key', index, line, 0);
  }
  return pieces;
}

function isItem(line: string, last: Piece | undefined, list: number | undefined): boolean {
  if (last === undefined) return false;
  if (!dashed.test(line)) return list !== undefined && widthOf(line) === list && /^\s*(?:-\S|\{)/.test(line);
  if (list === undefined) return last.kind === 'key' && hasNoValue(last.lines);
  return hasTab(line) || widthOf(line) < list + 2;
}

// A list belongs to a key only when nothing else stands behind the key.
function hasNoValue(lines: readonly string[]): boolean {
  const [first = '', ...rest] = lines;
  const value = keyLine.exec(first.trimStart())?.groups?.['value'] ?? '';
  return isBlank(value) && rest.every(isBlank);
}

function isTopLevel(line: string, body: string, last: Piece | undefined): boolean {
  if (widthOf(line) === 0) return !/^[\]}]/.test(line);
  if (last === undefined) return keyLine.test(body);
  if (!keyLine.test(body)) return false;
  if (last.kind === 'item') {
    const [first = ''] = last.lines;
    if (hasTab(line) && hasTab(first) && widthOf(line) === widthOf(first)) return true;
    if (hasTab(line)) return /^-\s+\{.*\}\s*(?:#.*)?$/s.test(last.lines.join('\n').trim());
    return widthOf(line) < last.column;
  }
  return false;
}
