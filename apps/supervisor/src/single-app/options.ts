import { parseArgs } from 'node:util';
import { messageOf } from '@actp/shared/errors';

/** What `npm run app` was asked for. */
export type Asked =
  | { kind: 'run'; name: string; envFile: string | undefined }
  | { kind: 'help' }
  | { kind: 'misused'; problem: string };

/** Applies the migrations and registers the keys of the apps, as `npm start` does before it starts any. */
export const migrateName = 'migrate';

export function readOptions(words: readonly string[], names: readonly string[]): Asked {
  const misused = (problem: string): Asked => ({ kind: 'misused', problem });
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { 'env-file': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    return misused(messageOf(error).split('. ')[0] ?? '');
  }
  if (parsed.values.help === true) return { kind: 'help' };
  const [name, ...more] = parsed.positionals;
  if (name === undefined) return misused('Which app? Name one.');
  if (more.length > 0) return misused('One app at a time.');
  if (!names.includes(name)) return misused(`There is no app "${name}".`);
  return { kind: 'run', name, envFile: parsed.values['env-file'] };
}

export const usage = (names: readonly string[]): string => `Usage: npm run app -- <name> [--env-file FILE]

Runs one app in the foreground, with the settings that it reads and no others; its log goes to standard output. A
signal (SIGTERM, Ctrl-C) stops it cleanly. Any number of copies of each may run, on any number of machines.

Names:
${names.map((name) => `  ${name}`).join('\n')}
  ${migrateName}    applies migrations and registers the keys of the apps (needs DATABASE_URL), then ends: once before
             the apps of a new release

Options:
  --env-file FILE    the settings (default: ACTP_ENV_FILE, then .env of the checkout); the environment takes precedence
  -h, --help         show this text

Stores are those of the settings (SUPABASE_URL, REDIS_URL, ...); without them, the embedded ones of the plane that runs
in ACTP_DATA_DIR. Exit code: that of the app; 1 it cannot be started, 2 wrong usage
`;
