import { join, resolve } from 'node:path';
import { runningStackEnv } from '@actp/embedded/addresses';
import { readPidFile } from '@actp/embedded/pid-file';
import type { StackEnv } from '@actp/embedded/stack-env';
import type { dbShape } from '@actp/db/client';
import { parseConfig, type ConfigOf, type Shape } from '@actp/shared/config';
import { databaseAppKey } from '@actp/db/access/app-key';
import { embeddedStores } from '@actp/shared/embedded-stores';
import { mergeEnvironment, type Environment } from '@actp/shared/env-file/merge';
import { readEnvFile } from '@actp/shared/env-file/read';
import { settings } from '@actp/shared/settings';
import { CliError } from './cli-error.ts';

export interface RunningPlane {
  /** Settings out of the environment and `.env`; the environment wins. @throws ConfigError naming every bad key */
  settings<S extends Shape>(shape: S): Promise<ConfigOf<S>>;
  /** The environment and `.env`, merged; the environment wins. */
  environment(): Promise<Environment>;
  /** The file that holds settings, `.env`, as an absolute path. */
  envFile: string;
  /** ACTP_DATA_DIR as an absolute path. */
  dataDir(): Promise<string>;
  /** The configured Supabase, or the embedded one. @throws CliError with a remedy when neither is there */
  database(): Promise<ConfigOf<typeof dbShape>>;
  /** Addresses and keys of the embedded stores. @throws CliError with a remedy when no plane runs */
  embeddedStores(): Promise<StackEnv>;
}

const storeShape = {
  ACTP_DATA_DIR: settings.ACTP_DATA_DIR,
  SUPABASE_URL: settings.SUPABASE_URL.optional(),
  SUPABASE_SERVICE_ROLE_KEY: settings.SUPABASE_SERVICE_ROLE_KEY.optional(),
  DATABASE_APP_SECRET: settings.SESSION_SECRET.optional(),
  REDIS_URL: settings.REDIS_URL,
  REDIS_CLUSTER_NODES: settings.REDIS_CLUSTER_NODES,
  REDIS_SENTINELS: settings.REDIS_SENTINELS,
  ACTP_POSTGRES_PASSWORD: settings.SESSION_SECRET.optional(),
  ACTP_JWT_SECRET: settings.SESSION_SECRET.optional(),
  ACTP_REDIS_PASSWORD: settings.SESSION_SECRET.optional(),
};

/**
 * Finds the plane that a command is about, by the settings that the plane itself was started with.
 *
 * @param root the repository root
 */
export function createRunningPlane(
  root: string,
  environment: Record<string, string | undefined>,
): RunningPlane {
  const envFile = resolve(root, environment['ACTP_ENV_FILE'] ?? '.env');

  async function merged(): Promise<Environment> {
    const { values } = await readEnvFile(envFile);
    return mergeEnvironment(values, environment);
  }

  const read = async <S extends Shape>(shape: S): Promise<ConfigOf<S>> => parseConfig(shape, await merged());

  async function stores(): Promise<StackEnv> {
    const values = await read(storeShape);
    const { ACTP_POSTGRES_PASSWORD, ACTP_JWT_SECRET, ACTP_REDIS_PASSWORD } = values;
    const secrets =
      ACTP_POSTGRES_PASSWORD !== undefined &&
      ACTP_JWT_SECRET !== undefined &&
      ACTP_REDIS_PASSWORD !== undefined
        ? {
            postgresPassword: ACTP_POSTGRES_PASSWORD,
            // The key of the embedded Supabase is derived from it and stored nowhere.
            jwtSecret: ACTP_JWT_SECRET,
            redisPassword: ACTP_REDIS_PASSWORD,
          }
        : undefined;
    const dataDir = resolve(root, values.ACTP_DATA_DIR);
    const found = secrets && runningStackEnv(dataDir, embeddedStores(values), secrets);
    if (found !== undefined) return found;
    if (secrets === undefined && readPidFile(join(dataDir, 'lock')) !== undefined) {
      throw new CliError(
        `A copy runs with this ACTP_DATA_DIR, but its secrets are not in ${envFile}.\n` +
          'Set ACTP_ENV_FILE to the file that it was started with.',
      );
    }
    throw new CliError(
      'No copy runs with this ACTP_DATA_DIR.\n' +
        'Start it (npm start), or set ACTP_DATA_DIR to the one of the copy that you mean.',
    );
  }

  return {
    settings: read,
    environment: merged,
    envFile,
    async dataDir() {
      const { ACTP_DATA_DIR } = await read({ ACTP_DATA_DIR: settings.ACTP_DATA_DIR });
      return resolve(root, ACTP_DATA_DIR);
    },
    async database() {
      const configured = await read(storeShape);
      const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = embeddedStores(configured).includes('supabase')
        ? await stores()
        : configured;
      if (SUPABASE_URL === undefined || SUPABASE_SERVICE_ROLE_KEY === undefined) {
        throw new CliError(
          'The plane that runs with this ACTP_DATA_DIR has no embedded Supabase.\n' +
            'Set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY to those that it was started with.',
        );
      }
      if (configured.DATABASE_APP_SECRET === undefined) {
        throw new CliError(
          'DATABASE_APP_SECRET is not set, so that the database rejects this command.\n' +
            'Run it in the checkout of the plane, whose .env has it; or set it to that value.',
        );
      }
      const DATABASE_APP_KEY = databaseAppKey(configured.DATABASE_APP_SECRET, 'cli');
      return { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_APP_KEY };
    },
    embeddedStores: stores,
  };
}
