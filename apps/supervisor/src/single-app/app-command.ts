import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runningStackEnv } from '@actp/embedded/addresses';
import type { StackEnv } from '@actp/embedded/stack-env';
import { ConfigError } from '@actp/shared/errors';
import { mergeEnvironment, type Environment } from '@actp/shared/env-file/merge';
import { readEnvFile } from '@actp/shared/env-file/read';
import { readPlaneSettings, type PlaneSettings } from '@actp/shared/plane-settings';
import { appEnvironment } from '../app-environment.ts';
import type { AppSpec } from '../apps.ts';
import { useExtraCertificates } from '../extra-certificates.ts';
import { migrateName } from './options.ts';

/** A process to be run: its arguments for Node, and its whole environment. */
export interface AppCommand {
  args: string[];
  env: Environment;
}

export interface AppCommandDeps {
  root: string;
  apps: readonly AppSpec[];
  outside: Record<string, string | undefined>;
}

/**
 * How one app is run by itself, with the settings of a file and of the environment, as `npm start` would run it.
 *
 * @param envFile the file as it was given; undefined: the plane's own, which need not be there
 * @throws ConfigError that names what is missing or wrong, never a value
 */
export async function appCommand(
  name: string,
  envFile: string | undefined,
  { root, apps, outside }: AppCommandDeps,
): Promise<AppCommand> {
  const { file, values } = await settingsFrom(envFile, root, outside);
  const merged = mergeEnvironment(values, outside);
  // Absolute, and none where there is no such file.
  delete merged['ACTP_ENV_FILE'];
  if (file !== undefined) merged['ACTP_ENV_FILE'] = file;
  const settings = readPlaneSettings(merged);
  useExtraCertificates(root, merged);
  if (merged['DATABASE_APP_SECRET'] === undefined) {
    const rule = 'must be set, the same on every machine of one plane (npm start generates it into .env)';
    throw new ConfigError([{ key: 'DATABASE_APP_SECRET', rule }]);
  }
  const stack = stackOf(settings, resolve(root, settings.ACTP_DATA_DIR));
  if (name === migrateName) return migrateCommand(merged, stack);
  const app = apps.find((one) => one.name === name);
  if (app === undefined) throw new Error(`no app ${name}`);
  return {
    args: [`--max-semi-space-size=${app.semiSpace}`, app.entry],
    env: appEnvironment(app, merged, stack),
  };
}

async function settingsFrom(
  envFile: string | undefined,
  root: string,
  outside: Record<string, string | undefined>,
): Promise<{ file: string | undefined; values: Record<string, string> }> {
  const own = resolve(root, outside['ACTP_ENV_FILE'] ?? '.env');
  if (envFile === undefined) {
    const { bytes, values } = await readEnvFile(own);
    return { file: bytes.length === 0 ? undefined : own, values };
  }
  // npm runs scripts in the checkout; a path counts from where npm was called.
  const file = resolve(outside['INIT_CWD'] ?? '.', envFile);
  await access(file).catch((cause: unknown) => {
    throw new ConfigError([{ key: '--env-file', rule: `there is no file ${file}` }], { cause });
  });
  return { file, values: (await readEnvFile(file)).values };
}

function stackOf(settings: PlaneSettings, dataDir: string): StackEnv {
  if (settings.embedded.length === 0) return {};
  const stack = runningStackEnv(dataDir, settings.embedded, {
    postgresPassword: settings.ACTP_POSTGRES_PASSWORD,
    jwtSecret: settings.ACTP_JWT_SECRET,
    redisPassword: settings.ACTP_REDIS_PASSWORD,
  });
  if (stack !== undefined) return stack;
  const rule = 'must be set: no plane runs in ACTP_DATA_DIR whose embedded stores could be used instead';
  const keys = { supabase: 'SUPABASE_URL', redis: 'REDIS_URL' };
  throw new ConfigError(settings.embedded.map((part) => ({ key: keys[part], rule })));
}

const passedOn = ['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE', 'DATABASE_URL'];
const ofMigrations = ['DATABASE_APP_SECRET', 'AUDIT_RETENTION_DAYS', 'REDACTION_KEY'];

function migrateCommand(merged: Environment, stack: StackEnv): AppCommand {
  const all: Environment = { ...merged, ...stack };
  if (all['DATABASE_URL'] === undefined) {
    throw new ConfigError([{ key: 'DATABASE_URL', rule: 'must be set: the owner of the database' }]);
  }
  const names = new Set([...passedOn, ...ofMigrations]);
  return {
    args: ['packages/db/src/main.ts'],
    env: Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name))),
  };
}
