import { AppError, type FieldProblem } from '@actp/shared/errors';

/*
 * Our own scanner, since what a person approves, what is stored and what is executed must be one thing, and the libraries
 * that were tried either accept a key twice when both values are equal (lossless-json) or need a quarter of a second for
 * 256 KiB (jsonc-parser). JSON.parse remains the judge of the syntax; this only looks at tokens.
 */

// Strings (unrolled, so that a long one needs no backtracking), numbers, and what opens, closes and separates.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\]:]/g;
// Deeper JSON has no use, and recursive readers behind us would fail on it.
const maxDepth = 64;
// Every double can be written with this many significant digits (IEEE 754); more of them say what no double can keep.
const maxDigits = 17;

/**
 * Refuses JSON that two readers could understand differently: a key twice, a number that a double cannot hold, a lone
 * surrogate, NUL (Postgres cannot store it), `__proto__`, absurd depth.
 *
 * @param text the body as it came
 * @throws AppError `validation_failed` that says what and where
 */
export function assertUnambiguous(text: string): void {
  if (!isJson(text)) refuse('body', 'must be valid JSON');
  const open: Array<Set<string> | undefined> = [];
  let candidate = '';
  for (const [word] of text.matchAll(token)) {
    switch (word.charAt(0)) {
      case '{':
      case '[':
        open.push(word === '{' ? new Set() : undefined);
        if (open.length > maxDepth) refuse('body', `must not be nested deeper than ${maxDepth}`);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"':
        candidate = word;
        checkString(word);
        break;
      case ':':
        checkKey(open.at(-1), candidate);
        break;
      default:
        checkNumber(word);
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checkString(word: string): void {
  if (!word.includes('\\u') && word.isWellFormed()) return;
  const value = String(JSON.parse(word));
  if (!value.isWellFormed()) refuse('body', 'must not contain a lone surrogate');
  if (value.includes('\0')) refuse('body', 'must not contain the character U+0000');
}

function checkKey(keys: Set<string> | undefined, word: string): void {
  const key = String(JSON.parse(word));
  if (key === '__proto__') refuse(key, 'cannot be used as a key');
  if (keys?.has(key) === true) refuse(key, 'stands in one object twice');
  keys?.add(key);
}

// 9007199254740993, 1e400 or 1e-400 would silently become another number; decimals such as 0.1 are what they are for everybody.
function checkNumber(word: string): void {
  const value = Number(word);
  const [mantissa = ''] = word.split(/[eE]/);
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '').length;
  const vanished = value === 0 && digits > 0;
  const kept =
    Number.isFinite(value) &&
    !vanished &&
    digits <= maxDigits &&
    (!/^-?\d+$/.test(word) || Number.isSafeInteger(value));
  if (!kept) refuse('body', 'has a number that cannot be kept exactly; send it as a string');
}

function refuse(field: string, message: string): never {
  const fields: FieldProblem[] = [{ field, message }];
  throw new AppError('validation_failed', 'the body is not JSON that has one meaning', { fields });
}
