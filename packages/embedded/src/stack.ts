import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { prepareDataDir } from './data-dir.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { defaultSearchPath } from './find-program.ts';
import type { Part, PartLog } from './running-store.ts';
import type { Ports } from './ports-file.ts';
import { startRedis } from './redis.ts';
import type { StackEnv, StackSecrets, Step } from './stack-env.ts';
import { createStackPorts } from './stack-ports.ts';
import { startSupabase } from './supabase.ts';

export interface StackOptions {
  /** Where all parts keep their data; one stack at a time. */
  dataDir: string;
  /** What to start; both unless told. `supabase` is Postgres with PostgREST. */
  parts?: ReadonlyArray<'supabase' | 'redis'>;
  /** New ones unless told; an existing data folder takes new ones too. */
  secrets?: Partial<StackSecrets>;
  ports?: Ports;
  /** For tests only: no fsync anywhere. */
  fast?: boolean;
  /** How many logical Redis databases there are; 16 unless told. */
  redisDatabases?: number;
  maxConnections?: number;
  /** How long Postgres and Redis have to stop before they are killed; a few seconds unless told. */
  stopMs?: number;
  /** The PATH on which servers and package managers are looked for. */
  searchPath?: string;
  /** Runs when Postgres is ready and before PostgREST reads the schema: the place for migrations. */
  prepareDatabase?: (databaseUrl: string) => Promise<void>;
  log?: PartLog;
  /** Wraps each step of the start, to show progress: `step('Postgres', () => ...)`. */
  step?: Step;
  /** Told about something that takes long, for instance that Redis is being installed. */
  notice?: (text: string) => void;
}

export interface Stack {
  env: StackEnv;
  parts: { postgres?: Part; postgrest?: Part; redis?: Part };
  /** Stops everything; `hard` kills at once. May be called again. */
  stop(hard?: boolean): Promise<void>;
}

/**
 * Starts real stores on loopback and keeps them running: one that dies is started again on the same port.
 *
 * @throws StartupError with a remedy; what was already started is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { parts = ['supabase', 'redis'], step = (_name, run) => run() } = options;
  const { path } = await prepareDataDir(options.dataDir);
  const release = lockDataDir(path);
  const ports = createStackPorts(join(path, 'ports.json'), options.ports ?? {});
  const secrets = { ...newSecrets(), ...options.secrets };
  const common = { ...options, dataDir: path, searchPath: options.searchPath ?? defaultSearchPath };

  const supabase = parts.includes('supabase')
    ? startSupabase({ ...common, ...secrets, ports, step })
    : undefined;
  const redis = parts.includes('redis')
    ? step('Redis', () =>
        ports.onPort('redis', (port) =>
          startRedis({
            ...common,
            port,
            password: secrets.redisPassword,
            databases: options.redisDatabases,
          }),
        ),
      )
    : undefined;

  const [one, two] = await Promise.allSettled([supabase, redis]);
  let stopped: Promise<unknown> | undefined;
  let locked = true;
  // Once: afterwards the lock may be another copy's.
  const unlock = () => {
    if (locked) release();
    locked = false;
  };
  const stop = async (hard = false) => {
    // A hard stop does not wait for a gentle one that is under way.
    if (hard || stopped === undefined) {
      stopped = Promise.allSettled([
        one.status === 'fulfilled' ? one.value?.stop(hard) : undefined,
        two.status === 'fulfilled' ? two.value?.stop(hard) : undefined,
      ]).finally(unlock);
    }
    await stopped;
  };
  if (one.status === 'rejected') {
    await stop();
    throw one.reason;
  }
  if (two.status === 'rejected') {
    await stop();
    throw two.reason;
  }
  return {
    env: { ...one.value?.env, ...(two.value ? { REDIS_URL: two.value.url } : {}) },
    parts: { ...one.value?.parts, ...(two.value ? { redis: two.value } : {}) },
    stop,
  };
}

function newSecrets(): StackSecrets {
  const secret = () => randomBytes(32).toString('base64url');
  return { postgresPassword: secret(), jwtSecret: secret(), redisPassword: secret() };
}
