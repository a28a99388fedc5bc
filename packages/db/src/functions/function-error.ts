import pg from 'pg';
import { AppError, messageOf } from '@actp/shared/errors';
import { redact } from '@actp/redaction/redact';
import type { FunctionFile } from './read-function-files.ts';

/**
 * What Postgres has against a function file, with the file's line and a remedy where there is one.
 *
 * @param placed whether the error's position is one in the file
 */
export function cannotApply(file: FunctionFile, error: unknown, placed = true): AppError {
  const { code, position, hint } = error instanceof pg.DatabaseError ? error : {};
  const line = placed && position !== undefined ? `:${lineAt(file.text, Number(position))}` : '';
  const message = `packages/db/sql/${file.file}${line} cannot be applied: ${redact(messageOf(error))}`;
  return new AppError('internal', [message, ...remedyFor(code, hint)].join('\n'), { cause: error });
}

function remedyFor(code: string | undefined, hint: string | undefined): string[] {
  // Raised for another return type, other names of parameters, and a default that was taken away.
  if (code === '42P13') {
    return [
      'A function cannot be replaced by one with another return type or other parameter names. Add a migration that drops it first (drop function if exists).',
      ...(hint === undefined ? [] : [hint]),
    ];
  }
  if (code === '42501') return ['DATABASE_URL has to name the role that owns the functions.'];
  return [];
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
