import { join } from 'node:path';
import { mintServiceRoleKey } from './keys.ts';
import { adminUser } from './redis-rights.ts';
import { readPidFile } from './pid-file.ts';
import { readPorts } from './ports-file.ts';
import type { StackEnv, StackSecrets } from './stack-env.ts';

export const supabaseUrl = (port: number): string => `http://127.0.0.1:${port}`;

export const redisUrl = (port: number, password: string, host = '127.0.0.1'): string =>
  `redis://:${password}@${host}:${port}`;

/** That of the user of tests who may do everything. */
export const redisAdminUrl = (port: number, password: string): string =>
  `redis://${adminUser}:${password}@127.0.0.1:${port}`;

export const postgresUrl = (port: number, user: string, password: string, host = '127.0.0.1'): string =>
  `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/postgres`;

/**
 * Addresses and keys of the stack that runs in a data folder, as its own start gave them to apps.
 *
 * @returns undefined when none runs there
 */
export function runningStackEnv(
  dataDir: string,
  parts: ReadonlyArray<'supabase' | 'redis'>,
  secrets: StackSecrets,
): StackEnv | undefined {
  if (readPidFile(join(dataDir, 'lock')) === undefined) return undefined;
  const ports = readPorts(join(dataDir, 'ports.json'));
  const hasSupabase = parts.includes('supabase') && ports.supabase !== undefined;
  return {
    ...(hasSupabase && ports.supabase !== undefined
      ? {
          SUPABASE_URL: supabaseUrl(ports.supabase),
          SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(secrets.jwtSecret),
        }
      : {}),
    ...(hasSupabase && ports.postgres !== undefined
      ? { DATABASE_URL: postgresUrl(ports.postgres, 'postgres', secrets.postgresPassword) }
      : {}),
    ...(parts.includes('redis') && ports.redis !== undefined
      ? { REDIS_URL: redisUrl(ports.redis, secrets.redisPassword) }
      : {}),
  };
}
