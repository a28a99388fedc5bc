import type { z } from 'zod';
import type { FieldProblem } from '@actp/shared/errors';

/** Zod's findings as the contract's `errors`; messages never quote the value. */
export function fieldProblems(error: z.core.$ZodError, where: string): FieldProblem[] {
  const prefix = where === 'json' ? '' : where;
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    const at = (key?: string) => [prefix, path, key].filter(Boolean).join('.') || 'body';
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: at(key), message: 'unknown field' }));
    }
    return [{ field: at(), message: issue.message }];
  });
}
