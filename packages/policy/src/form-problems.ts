import type { z } from 'zod';

export interface FormProblem {
  path: readonly PropertyKey[];
  message: string;
  /** The unknown key, where the path names what it stands in. */
  key?: string;
}

/** What is wrong with the form of a file, in words that speak of the file. */
export function formProblems(error: z.ZodError | undefined, value: unknown): FormProblem[] {
  return (error?.issues ?? []).flatMap((issue): FormProblem[] => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path, message: unknownKey(key), key }));
    }
    return [{ path, message: gapAt(path, value) ?? message }];
  });
}

// Where a colon or a quote is missing, a key can hold a value.
const unknownKey = (key: string) =>
  /^[\w.-]{1,64}$/.test(key) ? `Unrecognized key: "${key}"` : 'Unrecognized key';

function gapAt(path: readonly PropertyKey[], root: unknown): string | undefined {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  if (path.length > 0) return value === undefined ? 'is missing' : value === null ? 'is empty' : undefined;
  if (value === null || value === undefined) return 'the file is empty';
  return typeof value === 'object' && !Array.isArray(value)
    ? undefined
    : 'the file has to consist of keys such as version, tools and gates';
}
