import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@supabase/supabase-js';
import { Redis } from 'ioredis';
import pg from 'pg';
import { verifyAuditLog } from '@actp/db/audit/verify-log';
import { createDb } from '@actp/db/client';
import type { Json } from '@actp/db/database-types';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { keyOf, prepareDatabase } from './database.ts';
import { load } from './load.ts';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startServer } from './server-process.ts';
import { startApp } from './app-process.ts';
import { amount, firstWord } from './smoke.ts';

/*
 * The audit log beside what a service would do without it, on the same Postgres, PostgREST and Redis, in turns:
 * - single events from 32 callers, through the gateway to rows in the table, against one supabase-js insert per event into a
 *   table without a chain, by as many callers: at least 3 times the rate;
 * - batches of 500 in one call against a plain bulk upsert: at least half;
 * - checking the chain: at least 100,000 rows a second;
 * - a page of 100 out of millions of rows (filled without the chain): p99 at most 20 ms, at any depth.
 * Exit code 1 when one of them is missed. ROWS says how many millions; 5 unless told.
 *   npm run bench -- audit pages      one part only: singles, batches, verify, pages
 */
const wanted = { single: 3, batch: 0.5, verify: 100_000, pageMs: 20 };
const callers = 32;
const [complete, giveUpMs] = [0.98, 60_000];
const [seconds, rounds] = [amount(5, 1), amount(3, 1)];
const only = firstWord;
const millions = Number(process.env['ROWS'] ?? amount(5, 0.02));

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);
const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({ dataDir, prepareDatabase: prepareDatabase(secret) });
const { SUPABASE_URL = '', SUPABASE_SERVICE_ROLE_KEY = '', DATABASE_URL = '', REDIS_URL = '' } = stack.env;
const sql = new pg.Pool({ connectionString: DATABASE_URL, max: 4 });
const redis = new Redis(REDIS_URL);
const client = createClient(SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY);
const dbOf = (app: 'auditor' | 'gateway') =>
  createDb({ SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, ...keyOf(secret, app) }, app, 20_000);
const db = dbOf('auditor');

const event = () => ({
  event_id: randomUUID(),
  agent_id: 'ads-agent',
  action_type: 'ads.deploy',
  status: 'ok',
  result: { campaign: 7, text: 'hello world' },
  started_at: new Date().toISOString(),
  completed_at: new Date().toISOString(),
});
const row = () => ({ ...event(), ip_address: '127.0.0.1', user_agent: 'bench', request_id: randomUUID() });
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

const missed: string[] = [];
try {
  for (const line of await machineFacts(redis)) write(line);
  await makePlainTable();
  for (const part of [singles, batches, verify, pages]) {
    if (only === undefined || part.name === only) await part();
  }
} finally {
  redis.disconnect();
  await sql.end();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}
if (missed.length > 0) write(`\nmissed: ${missed.join(', ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** The peer: the same columns and indexes, event_id unique, no chain. */
async function makePlainTable(): Promise<void> {
  await sql.query(`
    create table public.plain_log (
      id bigint generated always as identity primary key, event_id uuid not null unique default gen_random_uuid(),
      agent_id text not null, action_type text not null, status text not null, result jsonb, error text,
      started_at timestamptz, completed_at timestamptz, ip_address inet, user_agent text, request_id text,
      task_id uuid, approval_id uuid, created_at timestamptz not null default now());
    create index on public.plain_log (created_at, id);
    create index on public.plain_log (agent_id, created_at, id);
    create index on public.plain_log (action_type, created_at, id);
    create index on public.plain_log (status, created_at, id) where status <> 'ok';
    create index on public.plain_log (ip_address, created_at, id);
    grant all on public.plain_log to service_role;
    notify pgrst, 'reload schema'`);
  for (;;) {
    const { error } = await client.from('plain_log').insert(row());
    if (!error) return;
    await delay(100);
  }
}

async function countOf(table: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? 0;
}

async function singles(): Promise<void> {
  const env = {
    ...stack.env,
    PATH: process.env['PATH'] ?? '',
    ACTP_DATA_DIR: join(dataDir, 'plane'),
    ACTP_ANCHOR_FILE: join(dataDir, 'anchor.json'),
  };
  const gateway = await startServer(join(root, 'apps', 'gateway', 'src', 'main.ts'), {
    ...env,
    ...keyOf(secret, 'gateway'),
    GATEWAY_PORT: String(await freePort()),
    WORKER_SECRET: secret,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    OPERATOR_PASSWORD: randomBytes(12).toString('base64url'),
    AUDIT_QUEUE_LIMIT: '100000',
  });
  const auditor = startApp(join(root, 'apps', 'auditor', 'src', 'main.ts'), {
    ...env,
    ...keyOf(secret, 'auditor'),
    AUDIT_SIGNING_KEY: randomBytes(32).toString('base64url'),
  });
  try {
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const ours = await durable(gateway.port);
      const theirs = await inserts();
      if (round === 0) continue; // until all are compiled for what they do here
      ratios.push(ours.perSecond / theirs);
      write(
        `singles  ${whole(ours.perSecond).padStart(6)} durable events/s (answers p99 ${ours.p99.toFixed(1)} ms)   ` +
          `supabase-js ${whole(theirs).padStart(6)} inserts/s   ratio ${ratios.at(-1)?.toFixed(2)}`,
      );
    }
    judge('singles', median(ratios), wanted.single, 'times');
  } finally {
    await Promise.all([gateway.stop(), auditor.stop()]);
  }
}

/** From the first request until the last event is a row. */
async function durable(port: number): Promise<{ perSecond: number; p99: number }> {
  const before = await countOf('actp_agent_audit_log');
  const begun = performance.now();
  const { event_id: _own, ...body } = event();
  const result = await load({
    port,
    path: '/v1/audit/events',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    expect: 202,
    connections: callers,
    seconds,
  });
  if (result.refused > 0) throw new Error(`${result.refused} requests were refused`);
  const sent = Math.round((result.perSecond * (performance.now() - begun)) / 1_000);
  let rows = 0;
  // On a machine that does other work the auditor may have its first turn only now.
  const patience = performance.now() + giveUpMs;
  for (let last = -1; rows !== last || (rows < sent * complete && performance.now() < patience);) {
    last = rows;
    await delay(500);
    rows = (await countOf('actp_agent_audit_log')) - before;
    if ((await redis.llen('{actp-audit}:audit:wait')) > 0) last = -1;
  }
  // The last half second and the counting are ours, not the log's.
  const { rows: times } = await sql.query<{ s: number }>(
    `select extract(epoch from max(created_at) - min(created_at))::float8 as s from (
       select created_at from actp_agent_audit_log order by id desc limit ${rows}) t`,
  );
  if (rows < sent * complete) throw new Error(`${rows} rows of ${sent} events`);
  return { perSecond: rows / Math.max(times[0]?.s ?? seconds, seconds), p99: result.p99 };
}

async function inserts(): Promise<number> {
  return perSecond(callers, async () => {
    const { error } = await client.from('plain_log').insert(row());
    if (error) throw new Error(error.message);
    return 1;
  });
}

async function perSecond(lanes: number, work: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < end) {
        const some = await work();
        done += some;
      }
    }),
  );
  return done / ((performance.now() - begun) / 1_000);
}

async function batches(): Promise<void> {
  const size = 500;
  const chained = async () => {
    await db.call((c) => c.rpc('write_audit_events', { p_events: Array.from({ length: size }, row) }));
    return size;
  };
  const plain = async () => {
    const { error } = await client
      .from('plain_log')
      .upsert(Array.from({ length: size }, row), { onConflict: 'event_id', ignoreDuplicates: true });
    if (error) throw new Error(error.message);
    return size;
  };
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const ours = await perSecond(4, chained);
    const theirs = await perSecond(4, plain);
    if (round === 0) continue;
    ratios.push(ours / theirs);
    write(
      `batches  ${whole(ours).padStart(6)} chained rows/s   plain upsert ${whole(theirs).padStart(6)} rows/s   ratio ${ratios.at(-1)?.toFixed(2)}`,
    );
  }
  judge('batches', median(ratios), wanted.batch, 'times');
}

async function verify(): Promise<void> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    const { ok, checked } = await verifyAuditLog({ db });
    if (!ok) throw new Error('the log does not verify');
    rates.push(checked / ((performance.now() - begun) / 1_000));
    write(`verify   ${whole(checked)} rows, ${whole(rates.at(-1) ?? 0)} rows/s`);
  }
  judge('verify', median(rates), wanted.verify, 'rows/s');
}

async function pages(): Promise<void> {
  const days = 50;
  const perDay = Math.round((millions * 1_000_000) / days);
  await sql.query(
    `select actp_audit.make_partition((now() at time zone 'UTC')::date - n) from generate_series(1, ${days}) n`,
  );
  for (let day = 1; day <= days; day += 1) {
    // As a restored backup would come in: no trigger, so no chain.
    await sql.query(`
      insert into public.actp_agent_audit_log
        (agent_id, action_type, status, result, ip_address, user_agent, request_id, created_at, chain_lane, chain_seq, prev_hash, hash)
      select 'agent-' || g % 50, 'action.' || g % 20, case when g % 100 = 0 then 'error' else 'ok' end,
        jsonb_build_object('campaign', g), '127.0.0.1', 'bench', 'r', 
        ((now() at time zone 'UTC')::date - ${day} + time '00:00:01' + g * interval '1 millisecond' * floor(86000000.0 / ${perDay})) at time zone 'UTC',
        0, g, '\\x00', '\\x00'
      from generate_series(1, ${perDay}) g`);
  }
  // As days are that have been there for a while: autovacuum has been over them, and would otherwise run beside the reading.
  await sql.query('vacuum (analyze) public.actp_agent_audit_log');
  await sql.query('checkpoint');
  const total = await countOf('actp_agent_audit_log');
  const filters: Array<[name: string, filter: Json]> = [
    ['no filter', {}],
    ['agent', { agent_ids: ['agent-7'] }],
    ['action', { action_type: 'action.3' }],
    ['status', { status: 'error' }],
    ['agent and status', { agent_ids: ['agent-0'], status: 'error' }],
    ['ip', { ip: '127.0.0.1' }],
  ];
  const readers = dbOf('gateway');
  for (const [name, filter] of filters) {
    const times: number[] = [];
    // 200 places all over the log.
    for (let n = -20; n < 200; n += 1) {
      const at = new Date(Date.now() - (Math.max(0, n) / 200) * days * 86_400_000).toISOString();
      const begun = performance.now();
      await readers.call((c) =>
        c.rpc('list_audit_events', { p_filter: filter, p_before_at: at, p_before_id: 1, p_limit: 101 }),
      );
      if (n >= 0) times.push(performance.now() - begun);
    }
    const p99 = percentile(times, 0.99);
    write(
      `page     of 100 out of ${whole(total)} rows, ${name}: median ${percentile(times, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
    if (p99 > wanted.pageMs) missed.push(`page, ${name}`);
  }
}

function judge(name: string, value: number, least: number, unit: string): void {
  write(
    `         ${name}: ${value < 100 ? value.toFixed(2) : whole(value)} ${unit} (median), at least ${least.toLocaleString('en-US')} wanted\n`,
  );
  if (value < least) missed.push(name);
}
