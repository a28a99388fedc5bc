/**
 * Values as they are shown on a page, and the ones that they have now: an id that one command answers is used by the next one.
 */
export type Values = Map<string, string>;

interface Pattern {
  find: RegExp;
  /** What it may be instead; `keep`: the later commands mean the value that is found there. */
  like: string;
  keep?: boolean;
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
// In this order: what is found first is not looked at again.
const patterns: readonly Pattern[] = [
  { find: /(?<="status":\s*)\d{3}/, like: '' },
  { find: /[\w-]{6,}\.\.\.(?=")/, like: String.raw`[^"\s]+`, keep: true },
  { find: new RegExp(uuid), like: uuid, keep: true },
  {
    find: /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+\d\d:\d\d)/,
    like: String.raw`\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+\d\d:\d\d)`,
  },
  { find: /\d{4}-\d\d-\d\d/, like: String.raw`\d{4}-\d\d-\d\d` },
  { find: /\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}\b/, like: '[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}', keep: true },
  { find: /\b(?=[a-f]*\d)[0-9a-f]{8,}\b/, like: '[0-9a-f]{8,}', keep: true },
  { find: /\d+(?:[.,]\d+)*/, like: String.raw`\d+(?:[.,]\d+)*` },
  { find: /\s+/, like: String.raw`\s*` },
];
const variable = new RegExp(patterns.map(({ find }) => `(${find.source})`).join('|'), 'g');

/**
 * Compares an output with the shown one: ids, times, digests and numbers may differ, `...` stands for text that is left out, and the
 * rest has to be there as it is. Keeps the values of this output for the commands that follow.
 *
 * @returns what is missing; undefined when the output is the shown one
 */
export function differenceOf(shown: string, output: string, values: Values): string | undefined {
  const found: Values = new Map(values);
  const parts = shown.trim().split(/(?<![\w-]{6})\.\.\.|\.\.\.(?!")/);
  const text = output.trim();
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const { source, kept } = expressionOf(part, found);
    const first = index === 0 ? '' : String.raw`[\s\S]*?`;
    const last = index === parts.length - 1 ? String.raw`\s*$` : '';
    const expression = new RegExp(`${first}${source}${last}`, 'y');
    expression.lastIndex = from;
    const match = expression.exec(text);
    if (match === null) return part.trim();
    for (const [at, name] of kept.entries()) found.set(name, match[at + 1] ?? '');
    from = expression.lastIndex;
  }
  for (const [name, value] of found) values.set(name, value);
  return undefined;
}

function expressionOf(part: string, values: Values): { source: string; kept: string[] } {
  const kept: string[] = [];
  let source = '';
  let from = 0;
  for (const match of part.matchAll(variable)) {
    const [shown] = match;
    source += RegExp.escape(part.slice(from, match.index));
    from = match.index + shown.length;
    const pattern = patterns[match.slice(1).findIndex((group) => group !== undefined)];
    const known = pattern?.keep ? currentOf(shown, values) : undefined;
    if (pattern === undefined || pattern.like === '') source += RegExp.escape(shown);
    else if (known !== undefined) source += RegExp.escape(known);
    else if (pattern.keep === true) {
      const before = kept.indexOf(shown);
      source += before === -1 ? `(${pattern.like})` : `\\${before + 1}`;
      if (before === -1) kept.push(shown);
    } else source += pattern.like;
  }
  return { source: source + RegExp.escape(part.slice(from)), kept };
}

/** The value that something shown has now, also when it is shown cut, as `8de43d95-...`. */
function currentOf(shown: string, values: Values): string | undefined {
  const exact = values.get(shown);
  if (exact !== undefined || !shown.endsWith('...')) return exact;
  const start = shown.slice(0, -3);
  for (const [name, value] of values) if (name.startsWith(start)) return value;
  return undefined;
}

/** A command with the values of now in the place of the shown ones. */
export function withValues(command: string, values: Values): string {
  const longestFirst = [...values.keys()].toSorted((a, b) => b.length - a.length);
  let text = command;
  for (const name of longestFirst) text = text.replaceAll(name, () => values.get(name) ?? '');
  return text.replaceAll(/[\w-]{6,}\.\.\./g, (cut) => currentOf(cut, values) ?? cut);
}
