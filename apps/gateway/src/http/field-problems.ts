import type { z } from 'zod';
import type { FieldProblem } from '@actp/shared/errors';

/** Zod's findings as the contract's `errors`, each field once; messages never quote the value. */
export function fieldProblems(error: z.core.$ZodError, where: string): FieldProblem[] {
  const prefix = where === 'json' ? '' : where;
  const found = error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    const at = (key?: string) => [prefix, path, key].filter(Boolean).join('.') || 'body';
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: at(key), message: 'unknown field' }));
    }
    return [{ field: at(), message: issue.message }];
  });
  // What fails one check of a field often fails the next as well; the first says enough.
  const seen = new Set<string>();
  return found.filter(({ field }) => !seen.has(field) && seen.add(field));
}
