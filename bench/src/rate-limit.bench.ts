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
import { keyOf, prepareDatabase } from './database.ts';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startApp } from './app-process.ts';
import { startServer } from './server-process.ts';
import { amount } from './smoke.ts';

/*
 * What the rate limit adds to a request: the same one from this machine, which is exempt, and through a trusted proxy for
 * clients that are counted, in turns. A decision is counted per address and per agent, a page per address. First while each
 * count is asked of Redis, as beside other gateways, then of a gateway that knows that it is the only one. Exit code 1 when
 * that one adds more than is wanted.
 */
// The first kind has to end before the gateway counts alone, also where everything takes twice as long.
const rounds = { asking: amount(12, 1), alone: amount(40, 1) };
const warmUpRounds = amount(5, 1);
const perRound = amount(200, 20);
const addedWantedMs = 0.3;
// The window of the limits, and some beats.
const aloneMs = amount(63_000, 1_000);

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);
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
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_PER_AGENT: '1000000',
});
const agent = new Agent({ keepAlive: true });
const page: Asked = { method: 'GET', path: '/login', status: 200, headers: {}, body: '' };
const decision: Asked = {
  method: 'POST',
  path: '/v1/guard',
  status: 200,
  headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
  body: JSON.stringify({
    action: 'stripe.charge',
    details: { amount_usd: 50, customer: 'c-1' },
    cost_usd: 50,
  }),
};
try {
  for (const line of await machineFacts(redis)) write(line);
  const begun = performance.now();
  await added(1, 'POST /v1/guard, asking Redis', decision, rounds.asking);
  await added(2, 'GET /login, asking Redis', page, rounds.asking);
  const rest = Math.max(0, aloneMs - (performance.now() - begun));
  write(`\nwaiting   ${(rest / 1_000).toFixed(0)} s, until the gateway counts alone`);
  await delay(rest);
  const results = [
    await added(3, 'POST /v1/guard', decision, rounds.alone),
    await added(4, 'GET /login', page, rounds.alone),
  ];
  const lone = await times(perRound * 5, () => redis.ping());
  write(`\nredis     ${figures(lone)}, one PING after the other`);
  await flood();
  process.exitCode = results.every((ms) => ms <= addedWantedMs) ? 0 : 1;
} finally {
  agent.destroy();
  await gateway.stop();
  await auditor.stop();
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

interface Asked {
  method: string;
  path: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Milliseconds at the median: of rounds, each of which compares the two medians of the same moment. */
async function added(net: number, what: string, asked: Asked, count: number): Promise<number> {
  const exempt: number[] = [];
  const counted: number[] = [];
  const differences: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const here = await times(perRound, () => ask(asked, {}));
    // Five clients a round, each within its limit.
    const there = await times(perRound, (i) =>
      ask(asked, { 'x-forwarded-for': `10.${net}.${round}.${i % 5}` }),
    );
    // The first rounds warm up.
    if (round < warmUpRounds) continue;
    exempt.push(...here);
    counted.push(...there);
    differences.push(percentile(there, 0.5) - percentile(here, 0.5));
  }
  const ms = percentile(differences, 0.5);
  const [least, most] = [Math.min(...differences), Math.max(...differences)];
  write(`\n${what}`);
  write(`exempt    ${figures(exempt)}`);
  write(`counted   ${figures(counted)}`);
  write(
    `adds      p50 ${ms.toFixed(3)} ms (${least.toFixed(3)} to ${most.toFixed(3)} over ${differences.length} rounds; at most ${addedWantedMs} wanted)`,
  );
  return ms;
}

async function flood(): Promise<void> {
  const client = { 'x-forwarded-for': '10.5.0.1' };
  await times(60, () => ask(page, client));
  const refused = await times(2_000, () => ask({ ...page, status: 429 }, client));
  write(`refused   ${figures(refused)}`);
}

function figures(samples: readonly number[]): string {
  const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
  return `p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms (${samples.length} requests)`;
}

/** One after the other: what one takes, and not how it waits for others. */
async function times(count: number, act: (i: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    await act(i);
    taken.push(performance.now() - begun);
  }
  return taken;
}

async function ask(asked: Asked, headers: Record<string, string>): Promise<void> {
  const status = await send(asked, headers);
  if (status !== asked.status) throw new Error(`answered ${status} instead of ${asked.status}`);
}

function send({ method, path, headers, body }: Asked, more: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = { host: '127.0.0.1', port, method, path, agent, headers: { ...headers, ...more } };
  const sent = request(options, (answer) => {
    answer.resume();
    answer.on('end', () => resolve(answer.statusCode ?? 0));
    answer.on('error', reject);
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
