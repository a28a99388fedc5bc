import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { redisAdminUrl } from '@actp/embedded/addresses';
import { startPostgres } from '@actp/embedded/postgres';
import { startRedis } from '@actp/embedded/redis';
import type {} from './stores.ts';

// Run, not imported: this package is below the one whose tests it serves.
const migrateProgram = join(import.meta.dirname, '../../db/src/main.ts');
// Each test file gets a logical Redis database of its own.
const redisDatabases = 4_096;

/** Starts real Postgres and Redis once for a test run; every file then gets a database of its own (see stores.ts). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-test-'));
  const secret = () => randomBytes(32).toString('base64url');
  const jwtSecret = secret();
  const adminPassword = secret();
  const [postgres, redis] = await Promise.all([
    startPostgres({ dataDir, password: secret(), fast: true, maxConnections: 300 }),
    startRedis({ dataDir, password: secret(), adminPassword, fast: true, databases: redisDatabases }),
  ]);
  // Later files copy this one, which takes some 50 ms instead of all migrations.
  await promisify(execFile)(process.execPath, [migrateProgram], { env: { DATABASE_URL: postgres.url } });
  project.provide('stores', {
    dataDir,
    jwtSecret,
    databaseUrl: postgres.url,
    authenticatorUrl: postgres.authenticatorUrl,
    redisUrl: redis.url,
    redisAdminUrl: redisAdminUrl(redis.port, adminPassword),
    redisDatabases,
  });
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  };
}
