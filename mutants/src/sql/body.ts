/** The body of a function file, from its dollar quote to the closing one, as offsets. */
export function bodyOf(file: string): { from: number; to: number }[] {
  return Array.from(file.matchAll(/\$\$[^]*?\$\$/g), (match) => ({
    from: match.index + 2,
    to: match.index + match[0].length - 2,
  }));
}

/** The same text with comments and quoted text blanked out, so that offsets stay and nothing is found in them. */
export function codeOnly(text: string): string {
  return text.replace(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'/g, (match) =>
    match.startsWith("'") ? `'${' '.repeat(match.length - 2)}'` : ' '.repeat(match.length),
  );
}

const ends = new Set([
  'and', 'or', 'then', 'else', 'when', 'end', 'order', 'group', 'limit', 'returning', 'for', 'loop', 'into', 'union',
  'having', 'on', 'left', 'join', 'where', 'as', 'from', 'select', 'offset', 'cross', 'inner', 'window', 'using',
]); // prettier-ignore

/** Where the operand ends that begins at an offset: the next word or bracket that cannot be part of it. */
export function operandEnd(code: string, from: number, to: number): number {
  let depth = 0;
  let cases = 0;
  let between = false;
  for (const { 0: token, index } of code.slice(from, to).matchAll(/[a-z_]\w*(?:\.\w+)*|[();,]/g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    if (depth < 0 || (depth === 0 && (token === ';' || token === ','))) return from + index;
    if (depth > 0) continue;
    if (token === 'case') cases += 1;
    else if (cases > 0) cases -= token === 'end' ? 1 : 0;
    else if (token === 'between') between = true;
    else if (token === 'and' && between) between = false;
    else if (token === 'from' && /\bdistinct\s+$/.test(code.slice(from, from + index))) continue;
    else if (ends.has(token)) return from + index;
  }
  return to;
}
