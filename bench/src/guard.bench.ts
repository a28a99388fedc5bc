import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { decide, type Rules } from '@actp/policy/decide';
import { readyGates } from '@actp/policy/gates';
import { parsePolicy } from '@actp/policy/policy';
import { keyOf, prepareDatabase } from './database.ts';
import { startApp } from './app-process.ts';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startServer } from './server-process.ts';
import { amount } from './smoke.ts';

/*
 * How many decisions a second the policy alone makes, and how soon POST /v1/guard answers at 200 requests a second: by then
 * the decision is kept for the audit log. Beside it the same gateway answering without any store. Exit code 1 when a limit is
 * missed.
 */
const decisions = amount(2_000_000, 20_000);
const rules = 100;
const decisionsWanted = 200_000;
const perSecond = 200;
const seconds = amount(20, 2);
const limits = { p50: 5, p99: 25 };

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);
let missed = 0;

decideAlone('conditions that hold or do not', (i) => ({ n: i % 20, amount_usd: 5, to: 'a@example.com' }));
decideAlone('every condition lacks its field', () => ({ to: 'a@example.com' }), 100_000, 0);

const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({
  dataDir,
  prepareDatabase: prepareDatabase(secret),
});
const redis = new Redis(stack.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
const port = await freePort();
// As in a running plane: what the gateway queues, somebody writes.
const auditor = startApp(join(root, 'apps', 'auditor', 'src', 'main.ts'), {
  ...stack.env,
  ...keyOf(secret, 'auditor'),
  PATH: process.env['PATH'] ?? '',
  ACTP_DATA_DIR: join(dataDir, 'auditor'),
  ACTP_ANCHOR_FILE: join(dataDir, 'anchor.json'),
  AUDIT_SIGNING_KEY: randomBytes(32).toString('base64url'),
});
const gateway = await startServer(join(root, 'apps', 'gateway', 'src', 'main.ts'), {
  ...stack.env,
  ...keyOf(secret, 'gateway'),
  PATH: process.env['PATH'] ?? '',
  GATEWAY_PORT: String(port),
  WORKER_SECRET: secret,
  SESSION_SECRET: randomBytes(32).toString('base64url'),
  OPERATOR_PASSWORD: randomBytes(12).toString('base64url'),
});
const agent = new Agent({ keepAlive: true });
try {
  write('');
  for (const line of await machineFacts(redis)) write(line);
  await measure('warming up', 3, guard);
  await measure('GET /healthz (peer)', 5, () => call('GET', '/healthz'));
  const { p50, p99 } = await measure('POST /v1/guard', seconds, guard);
  const ok = p50 <= limits.p50 && p99 <= limits.p99;
  if (!ok) missed += 1;
  write(`wanted   p50 at most ${limits.p50} ms, p99 at most ${limits.p99} ms${ok ? '' : ': MISSED'}`);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  agent.destroy();
  await gateway.stop();
  await auditor.stop();
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function decideAlone(
  what: string,
  detailsOf: (i: number) => object,
  times = decisions,
  wanted = decisionsWanted,
): void {
  const ready = manyRules();
  const requests = Array.from({ length: 1_000 }, (_, i) => ({
    action: `service${i % rules}.do`,
    details: detailsOf(i),
    agent: 'worker',
    cost_usd: 1,
  }));
  const run = (n: number) => {
    for (let i = 0; i < n; i += 1) {
      const request = requests[i % requests.length];
      if (request) decide(ready, request);
    }
  };
  run(times / 10);
  const begun = performance.now();
  run(times);
  const rate = times / ((performance.now() - begun) / 1_000);
  const ok = rate >= wanted;
  if (!ok) missed += 1;
  const limit = wanted === 0 ? '' : `; at least ${wanted}${ok ? '' : ': MISSED'}`;
  write(`decide   ${rate.toFixed(0)} a second, ${rules} rules (${what}${limit})`);
}

/** Half of them exact, half globs, nearly all with conditions; three cover each action. */
function manyRules(): Rules {
  const gates = Array.from({ length: rules - 1 }, (_, i) =>
    i % 2 === 0
      ? `{ action: service${i}.do, when: 'details.n > 10', approval: required }`
      : `{ action: 'service${i}.*', when: 'details.n > 15 && details.to.endsWith(".org")', approval: required }`,
  );
  const parsed = parsePolicy(
    [
      'version: 1',
      'tools: { allow: [] }',
      'gates:',
      ...gates.map((gate) => `  - ${gate}`),
      "  - { action: '*', when: 'details.amount_usd > 100', effect: deny }",
      'defaults: { effect: allow }',
    ].join('\n'),
  );
  if (!parsed.ok) throw new Error('the policy of the benchmark is not valid');
  return { policy: parsed.policy, gates: readyGates(parsed.policy.gates), maxSpendPerTask: 1_000 };
}

async function measure(
  what: string,
  forSeconds: number,
  once: () => Promise<number>,
): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  let refused = 0;
  const running: Array<Promise<void>> = [];
  const answered = async (sent: number) => {
    if ((await once()) !== 200) refused += 1;
    times.push(performance.now() - sent);
  };
  const begun = performance.now();
  for (let i = 0; i < perSecond * forSeconds; i += 1) {
    // By the clock and not one after the other: a slow answer must not make the load lighter.
    const due = begun + (i * 1_000) / perSecond;
    await delay(Math.max(0, due - performance.now()));
    const sent = performance.now();
    running.push(answered(sent));
  }
  await Promise.all(running);
  const result = { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  if (refused > 0) missed += 1;
  write(
    `${what.padEnd(20)} p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms at ${perSecond} a second (${times.length} requests, ${refused} refused)`,
  );
  return result;
}

function guard(): Promise<number> {
  return call(
    'POST',
    '/v1/guard',
    JSON.stringify({ action: 'stripe.charge', details: { amount_usd: 50, customer: 'c-1' }, cost_usd: 50 }),
  );
}

function call(method: string, path: string, body?: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (answer) => {
    answer.resume();
    answer.on('end', () => resolve(answer.statusCode ?? 0));
    answer.on('error', reject);
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
