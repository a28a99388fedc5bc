import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeEach } from 'vitest';
import type { Database } from '@actp/db/database-types';
import { createProducer, type Producer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import type { RunningApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { eventually } from '@actp/testing/eventually';
import { openStores, type Stores } from '@actp/testing/stores';
import type { HealingParts } from './heal/start-healing.ts';
import { startSelftestRunner } from './selftest-runner.ts';

const log = createLogger({ app: 'test', level: 'silent' });

type Env = Parameters<typeof startSelftestRunner>[0];
type Tables = Database['public']['Tables'];
type SnapshotRow = Tables['actp_agent_health_snapshots']['Row'];

/** One test file: its stores, a directory with a configuration for each test, and runners that end with the test. */
export interface Bench {
  stores: Stores;
  producer: Producer;
  /** The repository root, as far as the runners know. */
  readonly dir: string;
  settings(): Env;
  /** Writes the configuration: YAML, or what becomes one. */
  configure(config: string | object): Promise<void>;
  start(env?: Partial<Env>, healTimings?: HealingParts['timings']): Promise<RunningApp>;
  /** Oldest first. */
  snapshots(): Promise<SnapshotRow[]>;
  /** Waits until there are that many. */
  snapshotsOf(count: number): Promise<SnapshotRow[]>;
  notifications(): Promise<Array<{ kind: string; body: string }>>;
}

export async function openBench(): Promise<Bench> {
  const stores = await openStores();
  const producer = createProducer({ redis: stores.env, log });
  const running = new Set<RunningApp>();
  let dir = '';

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'selftest-runner-'));
  });
  afterEach(async () => {
    await Promise.all([...running].map((runner) => runner.stop()));
    running.clear();
    await rm(dir, { recursive: true, force: true });
    await stores.sql.query(
      'truncate actp_agent_health_snapshots, actp_selftest_runs, actp_notifications, actp_schedule_runs, actp_heals, actp_leases',
    );
    await stores.redis.flushdb();
  });
  afterAll(() => producer.close());

  const snapshots = async () => {
    const { rows } = await stores.sql.query<SnapshotRow>(
      'select * from actp_agent_health_snapshots order by created_at',
    );
    return rows;
  };
  const bench: Bench = {
    stores,
    producer,
    get dir() {
      return dir;
    },
    settings: () => ({
      ...stores.env,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: 1,
      ACTP_GATEWAY_URL: undefined,
      SELFTEST_CONFIG: 'selftest.yaml',
      ACTP_DATA_DIR: join(dir, 'data'),
      ACTP_START_ID: 'test',
      // Nobody is there: a test that heals names its own.
      ACD_URL: 'http://127.0.0.1:1',
      ACD_TIMEOUT_MINUTES: 30,
      ACD_POLL_SECONDS: 15,
      ACD_TOKEN: undefined,
      APPROVAL_TTL_SECONDS: 14_400,
      APPROVAL_GRANT_SECONDS: 600,
      POLICY_FILE: join(import.meta.dirname, '../../../config/policy.yaml'),
    }),
    configure: (config) =>
      writeFile(join(dir, 'selftest.yaml'), typeof config === 'string' ? config : JSON.stringify(config)),
    async start(env = {}, healTimings) {
      const runner = await startSelftestRunner({ ...bench.settings(), ...env }, log, {
        rootDir: dir,
        env: process.env,
        ...(healTimings === undefined ? {} : { healTimings }),
      });
      running.add(runner);
      return runner;
    },
    snapshots,
    snapshotsOf: (count) =>
      eventually(async () => {
        const rows = await snapshots();
        return rows.length >= count && rows;
      }),
    async notifications() {
      const { rows } = await stores.sql.query<{ kind: string; body: string }>(
        'select kind, body from actp_notifications order by created_at',
      );
      return rows;
    },
  };
  return bench;
}

/** Stands in for the approval bot and the auditor, so that their queues have workers. */
export function openBotWorkers(stores: Stores): void {
  const target = { redis: stores.env, log };
  const workers = [
    createWorker({
      ...target,
      queue: 'notify',
      handlers: { 'send-notification': async () => ({ state: 'gone' }) },
    }),
    createWorker({
      ...target,
      queue: 'approval',
      handlers: {
        'sync-approval': async () => ({ state: 'done' }),
        'deliver-callback': async () => ({ state: 'done' }),
      },
    }),
    createWorker({
      ...target,
      queue: 'tasks',
      handlers: { 'run-task': async () => ({ state: 'gone' }) },
    }),
    createWorker({
      ...target,
      queue: 'inspect',
      handlers: { 'dependency-review': () => Promise.reject(new Error('not here')) },
    }),
    createWorker({
      ...target,
      queue: 'audit',
      handlers: {
        'write-audit-events': async () => ({}),
        'weekly-audit-summary': () => Promise.reject(new Error('not here')),
        'retire-audit-days': async () => ({ made: 0, dropped: 0, forgotten: 0 }),
      },
    }),
  ];
  afterAll(() => Promise.all(workers.map((worker) => worker.close())));
}

export const suite = (name: string, script: string, more: object = {}) => ({
  name,
  command: ['sh', '-c', script],
  ...more,
});
