import { AppError, type FieldProblem } from '@actp/shared/errors';
import { isExactNumber } from '@actp/shared/exact-number';

/*
 * Our own scanner, since what a person approves, what is stored and what is executed must be one thing, and the libraries
 * that were tried either accept a key twice when both values are equal (lossless-json) or need a quarter of a second for
 * 256 KiB (jsonc-parser). JSON.parse remains the judge of the syntax; this only looks at tokens.
 */

// Strings (unrolled, so that a long one needs no backtracking), numbers, and what opens, closes and separates.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\]:]/g;
const tokenOrComma = new RegExp(`${token.source}|,`, 'g');
// Deeper JSON has no use, and recursive readers behind us would fail on it.
const maxDepth = 64;
// Enough for a person to see what is wrong.
const maxProblems = 100;

/** Where something stands in a body: the keys and indexes on the way to it, and the key that is meant itself, if one is. */
export interface JsonPlace {
  path: ReadonlyArray<string | number>;
  key?: string;
}

interface Found {
  at: number;
  message: string;
  key?: string;
}

const bodyOrKey = ({ key }: JsonPlace): string => key ?? 'body';

/**
 * Refuses JSON that two readers could understand differently: a key twice, a number that a double cannot hold, a lone
 * surrogate, NUL (Postgres cannot store it), `__proto__`, absurd depth.
 *
 * @param text the body as it came
 * @param fieldOf what a place is called in the answer
 * @throws AppError `validation_failed` that says what and where
 */
export function assertUnambiguous(text: string, fieldOf: (place: JsonPlace) => string = bodyOrKey): void {
  if (!isJson(text)) refuse([{ field: 'body', message: 'must be valid JSON' }]);
  const found = problemsIn(text);
  if (found.length === 0) return;
  const fields = new Map<string, FieldProblem>();
  for (const { place, message } of placesOf(text, found)) {
    const field = fieldOf(place);
    fields.set(`${field}\n${message}`, { field, message });
  }
  refuse([...fields.values()]);
}

function problemsIn(text: string): Found[] {
  const open: Array<Set<string> | undefined> = [];
  const found: Found[] = [];
  let candidate = '';
  for (const { 0: word, index: at } of text.matchAll(token)) {
    let message: string | undefined;
    switch (word.charAt(0)) {
      case '{':
      case '[':
        open.push(word === '{' ? new Set() : undefined);
        if (open.length > maxDepth) {
          refuse([{ field: 'body', message: `must not be nested deeper than ${maxDepth}` }]);
        }
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"':
        candidate = word;
        message = stringProblem(word);
        break;
      case ':': {
        const key = String(JSON.parse(candidate));
        message = keyProblem(open.at(-1), key);
        if (message !== undefined) found.push({ at, message, key });
        continue;
      }
      default:
        if (!isExactNumber(word)) message = 'has a number that cannot be kept exactly; send it as a string';
    }
    if (message !== undefined) found.push({ at, message });
    if (found.length >= maxProblems) break;
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stringProblem(word: string): string | undefined {
  if (!word.includes('\\u') && word.isWellFormed()) return undefined;
  const value = String(JSON.parse(word));
  if (!value.isWellFormed()) return 'must not contain a lone surrogate';
  return value.includes('\0') ? 'must not contain the character U+0000' : undefined;
}

function keyProblem(keys: Set<string> | undefined, key: string): string | undefined {
  if (key === '__proto__') return 'cannot be used as a key';
  if (keys?.has(key) === true) return 'stands in one object twice';
  keys?.add(key);
  return undefined;
}

// A second walk, only where something is wrong: most bodies need no path.
function placesOf(text: string, found: readonly Found[]): Array<{ place: JsonPlace; message: string }> {
  const wanted = Map.groupBy(found, ({ at }) => at);
  // A key that is not known yet is undefined: an empty one is a key.
  const path: Array<string | number | undefined> = [];
  const places: Array<{ place: JsonPlace; message: string }> = [];
  let candidate = '';
  for (const { 0: word, index } of text.matchAll(tokenOrComma)) {
    if (word === '{') path.push(undefined);
    else if (word === '[') path.push(0);
    else if (word === '}' || word === ']') path.pop();
    else if (word === ':') path[path.length - 1] = String(JSON.parse(candidate));
    else if (word === ',') next(path);
    else candidate = word;
    for (const { message, key } of wanted.get(index) ?? []) {
      const place = {
        path: path.filter((step) => step !== undefined),
        ...(key === undefined ? {} : { key }),
      };
      places.push({ place, message });
    }
  }
  return places;
}

// Behind a comma comes the next element, or a key that is not known yet.
function next(path: Array<string | number | undefined>): void {
  const last = path.at(-1);
  path[path.length - 1] = typeof last === 'number' ? last + 1 : undefined;
}

function refuse(fields: FieldProblem[]): never {
  throw new AppError('validation_failed', 'ambiguous JSON', { fields });
}
