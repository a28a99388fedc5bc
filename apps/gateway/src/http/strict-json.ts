import { parse, isSafeNumber } from 'lossless-json';
import { AppError, type FieldProblem } from '@actp/shared/errors';

/**
 * Refuses JSON that two readers could understand differently: a key twice, a number that a double cannot hold exactly
 * enough, a lone surrogate, a NUL character (Postgres cannot store it), `__proto__`.
 *
 * What a person approves, what is stored and what is executed must be the same thing.
 *
 * @throws AppError `validation_failed` that says what and where
 */
export function assertUnambiguous(text: string): void {
  // The rare cases have a mark in the text; nearly every body has none of them.
  if (/\\u0000/.test(text)) refuse('body', 'must not contain the character U+0000');
  if (!text.isWellFormed() || hasLoneEscape(text)) refuse('body', 'must not contain a lone surrogate');
  if (/"(?:__proto__|\\u005f)/i.test(text)) refuse('body', 'must not use __proto__ or escaped underscores in keys');
  try {
    parse(text, undefined, {
      parseNumber,
      onDuplicateKey: ({ key }) => refuse(key, 'stands in one object twice'),
    });
  } catch (error) {
    if (error instanceof AppError) throw error;
    refuse('body', error instanceof RangeError ? 'is nested too deeply' : 'must be valid JSON');
  }
}

function parseNumber(text: string): number {
  // Integers up to 2^53 and ordinary decimals; 9007199254740993 or 1e400 would become another number.
  if (!isSafeNumber(text, { approx: true }) || (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)))) {
    refuse('body', 'has a number that cannot be kept exactly; send it as a string');
  }
  return Number(text);
}

function hasLoneEscape(text: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false;
  const rest = text.replace(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g, '');
  return /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F][0-9a-fA-F]{2}/.test(rest);
}

function refuse(field: string, message: string): never {
  const fields: FieldProblem[] = [{ field, message }];
  throw new AppError('validation_failed', 'the body is not JSON that has one meaning', { fields });
}
