import { bodyOf, codeOnly, operandEnd } from './body.ts';

/** One damage of a function file. */
export interface Damage {
  kind: string;
  line: number;
  /** What stood there, and what stands there now. */
  was: string;
  is: string;
  /** The whole file with the damage. */
  text: string;
}

interface Found {
  kind: string;
  from: number;
  to: number;
  is: string;
}

/** Every damage that is tried on a function file, one at a time. What Postgres does not take is left out later. */
export function damagesOf(file: string): Damage[] {
  const code = codeOnly(file);
  return bodyOf(file)
    .flatMap(({ from, to }) => finders.flatMap((find) => find(code, from, to, file)))
    .filter(({ from, to, is }) => file.slice(from, to).trim() !== is.trim())
    .map(({ kind, from, to, is }) => ({
      kind,
      line: file.slice(0, from).split('\n').length,
      was: file.slice(from, to),
      is,
      text: file.slice(0, from) + is + file.slice(to),
    }));
}

type Finder = (code: string, from: number, to: number, file: string) => Found[];

const matches = (code: string, from: number, to: number, pattern: RegExp) =>
  Array.from(code.slice(from, to).matchAll(pattern), (match) => ({ match, at: from + match.index }));

const replaces =
  (kind: string, pattern: RegExp, replacement: (word: string) => string): Finder =>
  (code, from, to) =>
    matches(code, from, to, pattern).map(({ match, at }) => ({
      kind,
      from: at,
      to: at + match[0].length,
      is: replacement(match[0]),
    }));

const turned: Record<string, string> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '=': '<>',
  '<>': '=',
  '!=': '=',
};

// `and x` and the first operand become true, `or x` becomes false: the condition is not asked.
const conditions: Finder = (code, from, to) =>
  matches(code, from, to, /\b(?:and|or|where|if|elsif|when|on)\b\s+/g).flatMap(({ match, at }) => {
    const begin = at + match[0].length;
    const word = match[0].trim();
    if (
      /\bbetween\s+\S+\s+$/.test(code.slice(from, at)) ||
      /^(?:conflict|exists|not\s+exists)\b/.test(code.slice(begin))
    )
      return [];
    const end = operandEnd(code, begin, to);
    const kind = 'condition dropped';
    if (word !== 'if' && word !== 'elsif')
      return [{ kind, from: begin, to: end, is: `${word === 'or' ? 'false' : 'true'} ` }];
    return ['true ', 'false '].map((is) => ({ kind: 'branch decided', from: begin, to: end, is }));
  });

const comparisons: Finder = (code, from, to) =>
  matches(code, from, to, /(?<![-<>=:!|@~#])(?:<=|>=|<>|!=|<|>|=)(?![-<>=|@~#])/g).map(({ match, at }) => ({
    kind: 'comparison turned',
    from: at,
    to: at + match[0].length,
    is: turned[match[0]] ?? match[0],
  }));

const numbers = replaces('off by one', /(?<![\w.$'])\d+(?![\w.'])/g, (word) => String(Number(word) + 1));

// Inside quotes, so it is looked for in the file and not in the code.
const intervals: Finder = (_code, from, to, file) =>
  Array.from(file.slice(from, to).matchAll(/\binterval '(\d+)/g), (match) => ({
    kind: 'off by one',
    from: from + match.index + match[0].length - (match[1] ?? '').length,
    to: from + match.index + match[0].length,
    is: String(Number(match[1]) + 1),
  }));

const statements: Finder = (code, from, to) =>
  matches(
    code,
    from,
    to,
    /(?<=(?:;|\bbegin|\bthen|\belse|\bloop)\s+)(?:perform|insert|update|delete|raise exception)\b[^;]*;/g,
  ).map(({ match, at }) => ({ kind: kindOf(match[0]), from: at, to: at + match[0].length, is: 'null;' }));

function kindOf(statement: string): string {
  if (statement.startsWith('raise')) return 'refusal dropped';
  return /audit/.test(statement) ? 'audit row skipped' : 'statement dropped';
}

const defaults: Finder = (code, from, to, file) =>
  matches(code, from, to, /\bcoalesce\(/g).flatMap(({ match, at }) => {
    let begin = at + match[0].length;
    let end = operandEnd(code, begin, to);
    while (code[end] === ',') {
      begin = end + 1;
      end = operandEnd(code, begin, to);
    }
    if (code[end] !== ')') return [];
    const was = file.slice(begin, end).trim();
    const is = was === 'false' ? 'true' : was === 'true' ? 'false' : 'null';
    return [{ kind: 'default changed', from: begin, to: end, is: ` ${is}` }];
  });

const finders: readonly Finder[] = [
  conditions,
  comparisons,
  numbers,
  intervals,
  statements,
  defaults,
  replaces('negation dropped', /\bnot\s+(?!null\b)/g, () => ''),
  replaces('negation dropped', /\bis not null\b/g, () => 'is null'),
  replaces('lock dropped', /\bfor (?:no key )?(?:update|share)(?: of \w+)?(?: skip locked)?/g, () => ''),
];
