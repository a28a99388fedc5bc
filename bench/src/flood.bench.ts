import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { startApp } from './app-process.ts';
import { keyOf, prepareDatabase } from './database.ts';
import { startServer } from './server-process.ts';
import { amount, firstWord } from './smoke.ts';

/*
 * What others wait while one caller floods the gateway: with 12 batches of 4 MB at a time, full of what redaction has most work with,
 * for 8 s; with 32 of 200 KB, which are not large enough for a thread; with 2,000 redeems of one approval at once. Meanwhile /healthz, a decision of the guard and a kill switch are asked for, one
 * after the other. Exit code 1 when one of them waits longer than is promised, or more than one redeem is granted.
 *   npm run bench -- flood bodies     one part only: bodies, medium, redeems
 */
const most = { healthz: 500, guard: 1_000, 'kill switch': 1_000 };
const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const password = randomBytes(12).toString('base64url');
const only = firstWord;
const write = (line: string) => process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({
  dataDir,
  prepareDatabase: prepareDatabase(secret),
});
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
  OPERATOR_PASSWORD: password,
});
const auditor = startApp(join(root, 'apps', 'auditor', 'src', 'main.ts'), {
  ...env,
  ...keyOf(secret, 'auditor'),
  AUDIT_SIGNING_KEY: randomBytes(32).toString('base64url'),
});
const url = `http://127.0.0.1:${gateway.port}`;
const missed: string[] = [];
try {
  const token = await logIn();
  await watch(
    token,
    delay(1_000).then(() => '-'),
  ); // until all is compiled
  if (only === undefined || only === 'bodies') {
    await report(
      '12 batches of 4 MB at a time, 8 s',
      token,
      flood('/v1/audit/events', 'batch 63', 12, amount(8, 1)),
    );
  }
  if (only === undefined || only === 'medium') {
    await report(
      '32 batches of 200 KB at a time, 8 s',
      token,
      flood('/v1/audit/events', 'batch 3', 32, amount(8, 1)),
    );
  }
  if (only === undefined || only === 'redeems') await redeems(token);
} finally {
  await Promise.all([gateway.stop(), auditor.stop()]);
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}
if (missed.length > 0) write(`\nmissed: ${missed.join(', ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function redeems(token: string): Promise<void> {
  const payload = { action: 'dm.bulk_send', details: { recipients: 25 } };
  const { id, action_digest } = (await (await post('/v1/approvals', secret, payload)).json()) as {
    id: string;
    action_digest: string;
  };
  await post(`/v1/approvals/${id}/decision`, token, { decision: 'approved', action_digest });
  const path = `/v1/approvals/${id}/redeem`;
  const statuses = await report(
    '2,000 redeems at once',
    token,
    flood(path, JSON.stringify(payload), amount(2_000, 50), 0),
  );
  if ((JSON.parse(statuses) as Record<string, number>)['200'] !== 1) missed.push('one grant');
}

/** Starts the flood in a process of its own; resolves with the answers it got. */
async function flood(path: string, body: string, parallel: number, seconds: number): Promise<string> {
  const args = [url + path, secret, body, String(parallel), String(seconds)];
  const program = join(import.meta.dirname, 'flood-sender.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return stdout.trim();
}

async function report(what: string, token: string, flooding: Promise<string>): Promise<string> {
  const begun = performance.now();
  const { times, statuses } = await watch(token, flooding);
  write(`\n${what}: answers ${statuses} in ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  for (const [name, limit] of Object.entries(most)) {
    const waited = (times.get(name) ?? []).toSorted((a, b) => a - b);
    const longest = waited.at(-1) ?? Number.POSITIVE_INFINITY;
    const median = waited[Math.floor(waited.length / 2)] ?? 0;
    const judged = longest <= limit ? 'ok' : `at most ${limit} ms wanted`;
    write(
      `  ${name.padEnd(12)} ${String(waited.length).padStart(4)} times, median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms  ${judged}`,
    );
    if (longest > limit) missed.push(`${name} under ${what}`);
  }
  return statuses;
}

/** Asks, one after the other, until the flood is over; how long each answer took. */
async function watch(token: string, flooding: Promise<string>) {
  const times = new Map<string, number[]>();
  const over = new AbortController();
  const timed = async (name: string, ask: () => Promise<Response>) => {
    while (!over.signal.aborted) {
      const begun = performance.now();
      const answer = await ask();
      await answer.arrayBuffer();
      if (!answer.ok) missed.push(`${name} answered ${answer.status}`);
      times.set(name, [...(times.get(name) ?? []), performance.now() - begun]);
      await delay(20);
    }
  };
  const asking = [
    timed('healthz', () => fetch(`${url}/healthz`)),
    timed('guard', () => post('/v1/guard', secret, { action: 'flood.other', details: {} })),
    timed('kill switch', () => post('/v1/kill-switch', token, { scope: 'agent:nobody', reason: 'flood' })),
  ];
  const statuses = await flooding.finally(() => over.abort());
  await Promise.all(asking);
  return { times, statuses };
}

function post(path: string, credential: string, body: unknown): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function logIn(): Promise<string> {
  for (;;) {
    const answer = await post('/v1/auth/login', '-', { email: 'operator@actp.local', password });
    if (answer.ok) return ((await answer.json()) as { access_token: string }).access_token;
    await delay(100);
  }
}
