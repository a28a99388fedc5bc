import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { startBrave } from '@actp/testing/brave/server';
import { Redis } from 'ioredis';
import { startApp } from './app-process.ts';
import { keyOf, prepareDatabase } from './database.ts';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startServer } from './server-process.ts';
import { amount } from './smoke.ts';

/*
 * How long a research task takes from the request to its end, with a search that answers at once, alone and at a rate; and how many tasks a
 * second are accepted for twenty seconds. Gateway, auditor and executor are processes of their own. Exit code 1 when a limit is missed.
 */
const alone = amount(200, 5);
const perSecond = 50;
const seconds = amount(20, 2);
const limits = { alone: 400, accepted: perSecond * 0.98 };

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const password = randomBytes(12).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);

const key = 'key-of-a-bench';
const brave = await startBrave({ key, plan: { perSecond: 1_000_000, perMonth: 0 } });
// Pages on loopback are not read, which says so at once: their snippets are used.
brave.setHits(
  Array.from({ length: 5 }, (_, n) => ({
    title: `Solar panels ${n}`,
    url: `http://127.0.0.1/${n}`,
    description: `Solar panels turn light into current, says page ${n}. They need no fuel.`,
  })),
);
const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({ dataDir, prepareDatabase: prepareDatabase(secret) });
const redis = new Redis(stack.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
const port = await freePort();
const main = (app: string) => join(root, 'apps', app, 'src', 'main.ts');
const environment = (app: 'gateway' | 'auditor' | 'executor') => ({
  ...stack.env,
  ...keyOf(secret, app),
  PATH: process.env['PATH'] ?? '',
});
const executor = startApp(main('executor'), {
  ...environment('executor'),
  BRAVE_API_KEY: key,
  BRAVE_BASE_URL: brave.url,
});
const auditor = startApp(main('auditor'), {
  ...environment('auditor'),
  ACTP_DATA_DIR: join(dataDir, 'plane'),
  ACTP_ANCHOR_FILE: join(dataDir, 'anchor.json'),
  AUDIT_SIGNING_KEY: randomBytes(32).toString('base64url'),
});
const gateway = await startServer(main('gateway'), {
  ...environment('gateway'),
  GATEWAY_PORT: String(port),
  WORKER_SECRET: secret,
  SESSION_SECRET: randomBytes(32).toString('base64url'),
  OPERATOR_PASSWORD: password,
});
let missed = 0;
try {
  for (const line of await machineFacts(redis)) write(line);
  const token = await user();
  await ended(token, await create(token));

  const times: number[] = [];
  for (let n = 0; n < alone; n += 1) {
    const begun = performance.now();
    await ended(token, await create(token));
    times.push(performance.now() - begun);
  }
  const median = percentile(times, 0.5);
  report(
    `one after the other: created to succeeded  p50 ${median.toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms (${alone} tasks; p50 at most ${limits.alone} ms)`,
    median <= limits.alone,
  );

  const accepted: number[] = [];
  const running: Array<Promise<number>> = [];
  const ids: string[] = [];
  const started = performance.now();
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = delay(Math.max(0, started + (n * 1_000) / perSecond - performance.now()));
    await due;
    const begun = performance.now();
    running.push(
      create(token).then((id) => {
        ids.push(id);
        return performance.now() - begun;
      }),
    );
  }
  accepted.push(...(await Promise.all(running)));
  const rate = accepted.length / ((performance.now() - started) / 1_000);
  report(
    `accepted  ${rate.toFixed(1)} a second, answer p50 ${percentile(accepted, 0.5).toFixed(0)} ms, p99 ${percentile(accepted, 0.99).toFixed(0)} ms (${perSecond} a second were sent for ${seconds} s)`,
    rate >= limits.accepted,
  );
  for (const id of ids) await ended(token, id);
  const done = ids.length / ((performance.now() - started) / 1_000);
  write(`done      ${done.toFixed(1)} a second, until the last of ${ids.length} had succeeded`);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  await Promise.all([gateway.stop(), executor.stop(), auditor.stop()]);
  redis.disconnect();
  await stack.stop();
  await brave.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function report(line: string, held: boolean): void {
  if (!held) missed += 1;
  write(`${line}${held ? '' : ': MISSED'}`);
}

async function create(token: string): Promise<string> {
  return ((await call('/v1/tasks', token, { prompt: 'Research solar panels' })) as { id: string }).id;
}

async function ended(token: string, id: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/tasks/${id}`, {
      headers: { authorization: `Bearer ${token}`, prefer: 'wait=55' },
    });
    const { status, error } = (await answer.json()) as { status: string; error: string | null };
    if (status === 'succeeded') return;
    if (status !== 'queued' && status !== 'running') throw new Error(`the task is ${status}: ${error}`);
  }
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

async function user(): Promise<string> {
  const account = { email: 'user@example.com', password: randomBytes(12).toString('base64url') };
  await call('/v1/auth/register', secret, account);
  const answer = await call('/v1/auth/login', secret, account);
  return (answer as { access_token: string }).access_token;
}
