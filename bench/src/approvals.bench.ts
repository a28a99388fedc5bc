import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { keyOf, prepareDatabase } from './database.ts';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startServer } from './server-process.ts';
import { amount } from './smoke.ts';

/*
 * How soon a request is a durable row with a queued card, and how soon a decision reaches who waits for it: on an empty
 * plane, and again with 5,000 pending approvals and 500 waiters. Exit code 1 when a limit is missed.
 */
const perSecond = amount(50, 10);
const seconds = amount(20, 2);
const decisions = amount(200, 10);
const pending = amount(5_000, 50);
const waiters = amount(500, 10);
const limits = { row: [15, 80], release: [Number.POSITIVE_INFINITY, 150] } as const;
// What the same may take with many pending and waiting.
const crowdedFactor = 2;
// Every 5 ms: a second, and minutes where nothing is measured.
const mostTries = amount(200, 40_000);

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const password = randomBytes(12).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);
const ask = { action: 'dm.bulk_send', details: { recipients: 25, message: 'hello' } };

const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({
  dataDir,
  prepareDatabase: prepareDatabase(secret),
});
const redis = new Redis(stack.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
const queue = new Queue('approval', { connection: redis, prefix: '{actp-approval}' });
const port = await freePort();
const gateway = await startServer(join(root, 'apps', 'gateway', 'src', 'main.ts'), {
  ...stack.env,
  ...keyOf(secret, 'gateway'),
  PATH: process.env['PATH'] ?? '',
  GATEWAY_PORT: String(port),
  WORKER_SECRET: secret,
  SESSION_SECRET: randomBytes(32).toString('base64url'),
  OPERATOR_PASSWORD: password,
});
let missed = 0;
try {
  for (const line of await machineFacts(redis)) write(line);
  const token = await logIn();
  await measure('empty', token, 1);

  for (let made = 0; made < pending; made += 50) await Promise.all(Array.from({ length: 50 }, create));
  const { id } = await create();
  const gone = new AbortController();
  const crowd = Array.from({ length: waiters }, () => waitFor(id, gone.signal).catch(() => undefined));
  await delay(1_000);
  await measure(`${pending} pending, ${waiters} waiting`, token, crowdedFactor);
  gone.abort();
  await Promise.all(crowd);
  write(`memory   gateway ${await residentMegabytes()} MB resident`);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  await gateway.stop();
  await queue.close();
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(when: string, token: string, factor: number): Promise<void> {
  write(`\n${when}`);
  const rows: number[] = [];
  const cards: number[] = [];
  const running: Array<Promise<void>> = [];
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const due = delay(1_000 / perSecond);
    const request = requestOnce(rows, cards);
    // Reported below; until then the stores have to be kept, and stopped.
    request.catch(() => undefined);
    running.push(request);
    await due;
  }
  await Promise.all(running);
  report('request to durable row', rows, limits.row, factor);
  report('request to queued card', cards, limits.row, factor);

  const released: number[] = [];
  for (let i = 0; i < decisions; i += 1) {
    const approval = await create();
    const waiting = waitFor(approval.id);
    await delay(20);
    const begun = performance.now();
    const decided = call(`/v1/approvals/${approval.id}/decision`, token, {
      decision: 'approved',
      action_digest: approval.action_digest,
    });
    await waiting;
    released.push(performance.now() - begun);
    await decided;
  }
  report('decision to waiter released', released, limits.release, factor);
}

async function requestOnce(rows: number[], cards: number[]): Promise<void> {
  const wall = Date.now();
  const begun = performance.now();
  const { id, version } = await create();
  rows.push(performance.now() - begun);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const job = await queue.getJob(`approval-${id}-${version}`);
    if (job) {
      cards.push(Math.max(0, job.timestamp - wall));
      return;
    }
    await delay(5);
  }
  throw new Error('the card was never queued');
}

function report(
  what: string,
  samples: number[],
  [median, p99]: readonly [number, number],
  factor: number,
): void {
  const is = { median: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
  const ok = is.median <= median * factor && is.p99 <= p99 * factor;
  if (!ok) missed += 1;
  const wanted = `at most ${Number.isFinite(median) ? `${median * factor} / ` : ''}${p99 * factor} ms`;
  write(
    `${what.padEnd(28)} p50 ${is.median.toFixed(1)} ms, p99 ${is.p99.toFixed(1)} ms (${samples.length} samples; ${wanted}${ok ? '' : ': MISSED'})`,
  );
}

interface Made {
  id: string;
  version: number;
  action_digest: string;
}

async function create(): Promise<Made> {
  return (await call('/v1/approvals', secret, ask)) as Made;
}

async function waitFor(id: string, signal?: AbortSignal): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/approvals/${id}`, {
    headers: { authorization: `Bearer ${secret}`, prefer: 'wait=55' },
    ...(signal ? { signal } : {}),
  });
  await answer.text();
}

async function call(path: string, credential: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function logIn(): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      const answer = await call('/v1/auth/login', secret, { email: 'operator@actp.local', password });
      return (answer as { access_token: string }).access_token;
    } catch {
      await delay(100); // the account is being made
    }
  }
  throw new Error('the operator cannot log in');
}

async function residentMegabytes(): Promise<string> {
  const status = await readFile(`/proc/${gateway.pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024).toFixed(0);
}
