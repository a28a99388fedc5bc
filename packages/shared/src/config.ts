import type { z } from 'zod';
import { ConfigError } from './errors.ts';

export type Shape = Record<string, z.ZodType>;
export type ConfigOf<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> };

/**
 * Reads the settings that an app needs out of the environment.
 *
 * @param shape zod schemas by environment name (see `settings.ts`), each taking `string | undefined`
 * @param env usually `process.env`; an empty value counts as unset
 * @returns the typed values
 * @throws ConfigError naming every key that cannot be used; never a value, since it may be a secret
 */
export function parseConfig<S extends Shape>(shape: S, env: Record<string, string | undefined>): ConfigOf<S> {
  const problems: Array<{ key: string; rule: string }> = [];
  const values: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const raw = env[key]?.trim();
    const parsed = schema.safeParse(raw === '' ? undefined : raw);
    if (parsed.success) values[key] = parsed.data;
    else problems.push({ key, rule: ruleOf(parsed.error) });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Every key of the shape was parsed by its own schema above.
  return values as ConfigOf<S>;
}

// zod's own messages can quote the value ("received abc"); only rules written in settings.ts are shown.
function ruleOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === 'custom') return issue.message;
  if (issue?.code === 'invalid_type') return 'must be set';
  return issue?.message.startsWith('must ') === true ? issue.message : 'is not valid';
}
