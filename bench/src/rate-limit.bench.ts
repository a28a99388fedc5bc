import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Redis } from 'ioredis';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startServer } from './server-process.ts';

/*
 * What the rate limit adds to a request: the same page of one gateway, asked for from this machine, which is exempt, and
 * through a trusted proxy for clients that are counted in Redis, in turns. Exit code 1 when it adds more than is wanted.
 */
const rounds = 40;
const perRound = 200;
const addedWantedMs = 0.3;

const root = join(import.meta.dirname, '..', '..');
const write = (line: string) => process.stdout.write(`${line}\n`);
const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({ dataDir, prepareDatabase: () => Promise.resolve() });
const redis = new Redis(stack.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
const port = await freePort();
const gateway = await startServer(join(root, 'apps', 'gateway', 'src', 'main.ts'), {
  ...stack.env,
  PATH: process.env['PATH'] ?? '',
  GATEWAY_PORT: String(port),
  WORKER_SECRET: randomBytes(32).toString('base64url'),
  SESSION_SECRET: randomBytes(32).toString('base64url'),
  OPERATOR_PASSWORD: randomBytes(12).toString('base64url'),
  TRUSTED_PROXIES: '127.0.0.1',
});
const agent = new Agent({ keepAlive: true });
try {
  for (const line of await machineFacts(redis)) write(line);
  const exempt: number[] = [];
  const counted: number[] = [];
  const refused: number[] = [];
  const differences: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The first rounds warm up.
    const keep = round >= 5;
    const here = await times(() => ({}), 200);
    // Five clients a round, each within its limit.
    const there = await times((i) => ({ 'x-forwarded-for': `10.1.${round}.${i % 5}` }), 200);
    if (!keep) continue;
    exempt.push(...here);
    counted.push(...there);
    differences.push(percentile(there, 0.5) - percentile(here, 0.5));
  }
  await times(() => ({ 'x-forwarded-for': '10.2.0.1' }), 200, 60);
  refused.push(...(await times(() => ({ 'x-forwarded-for': '10.2.0.1' }), 429, 2_000)));
  const added = percentile(differences, 0.5);
  const [least, most] = [Math.min(...differences), Math.max(...differences)];
  write(`exempt    ${figures(exempt)}`);
  write(`counted   ${figures(counted)}`);
  write(`refused   ${figures(refused)}`);
  const ok = added <= addedWantedMs;
  write(
    `adds      p50 ${added.toFixed(3)} ms (${least.toFixed(3)} to ${most.toFixed(3)} over ${differences.length} rounds; at most ${addedWantedMs}${ok ? '' : ': MISSED'})`,
  );
  process.exitCode = ok ? 0 : 1;
} finally {
  agent.destroy();
  await gateway.stop();
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function figures(samples: readonly number[]): string {
  const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
  return `p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms (${samples.length} requests)`;
}

/** One after the other: what one request takes, and not how it waits for others. */
async function times(
  headersOf: (i: number) => Record<string, string>,
  wanted: number,
  count = perRound,
): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    const status = await get(headersOf(i));
    taken.push(performance.now() - begun);
    if (status !== wanted) throw new Error(`answered ${status} instead of ${wanted}`);
  }
  return taken;
}

function get(headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request({ host: '127.0.0.1', port, path: '/login', agent, headers }, (answer) => {
    answer.resume();
    answer.on('end', () => resolve(answer.statusCode ?? 0));
    answer.on('error', reject);
  });
  sent.on('error', reject);
  sent.end();
  return promise;
}
