import { hasTab, isBlank, keyLine, widthOf, type Piece } from './pieces.ts';

export interface Reindented {
  lines: string[];
  /** What was moved: the first line of each run, counted from 0 within the piece. */
  moved: Array<{ line: number; message: string }>;
  /** Lines in the middle of two places. */
  doubtful: number[];
}

const tabs = 'Tabs are not allowed as indentation';
const beside = 'the line is not indented as those beside it';

/** Puts the lines of a piece where they were most likely meant: beside the key before, or below it when that has no value. */
export function reindent({ kind, lines, column }: Piece): Reindented {
  const moved: Reindented['moved'] = [];
  const columns: number[] = [];
  let open = false;
  let literal = false;
  let before = -2;
  const doubtful: number[] = [];
  const out = lines.map((line, index) => {
    const body = line.trimStart();
    const first = index === 0;
    const top = columns.at(-1) ?? column;
    if (!first && (isBlank(line) || (literal && !hasTab(line) && widthOf(line) > top))) return line;
    const dash = first && kind === 'item' ? /^-[\t ]*/.exec(body)?.[0] : '';
    const key = keyLine.exec(body.slice(dash?.length ?? 0))?.groups;
    // A line that is no key goes on with what was before, however it is indented.
    const meant = first
      ? [column]
      : key
        ? targets(line, columns, open)
        : [hasTab(line) ? top + 2 : widthOf(line)];
    const at = meant.at(-1) ?? column;
    if (meant.length > 1) doubtful.push(index);
    if (!first && columns.length === 0) return line;
    if (key) {
      const own = first && kind === 'item' ? at + (dash?.replaceAll('\t', ' ').length ?? 0) : at;
      while ((columns.at(-1) ?? -1) >= own) columns.pop();
      columns.push(own);
      const value = key['value']?.trim() ?? '';
      open = value === '' || value.startsWith('#');
      literal = /^[|>]/.test(value);
    }
    if (!hasTab(line) && widthOf(line) === at) return line;
    if (before !== index - 1) moved.push({ line: index, message: hasTab(line) ? tabs : beside });
    before = index;
    return `${' '.repeat(at)}${body}`;
  });
  return { lines: out, moved, doubtful };
}

// The nearest places; two of them when it cannot be told which.
function targets(line: string, columns: readonly number[], open: boolean): number[] {
  const top = columns.at(-1) ?? 0;
  if (hasTab(line)) return open ? [top + 2] : [...columns];
  const width = widthOf(line);
  if (open && width > top) return [width];
  const distance = Math.min(...columns.map((column) => Math.abs(column - width)));
  return columns.filter((column) => Math.abs(column - width) === distance);
}
