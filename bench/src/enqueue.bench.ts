import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Redis } from 'ioredis';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { keyOf, prepareDatabase } from './database.ts';
import { load, type Load } from './load.ts';
import { machineFacts } from './machine.ts';
import { processorSeconds } from './processor-time.ts';
import { startServer, type ServerProcess } from './server-process.ts';
import { amount } from './smoke.ts';

/*
 * What the gateway costs: an authenticated POST /v1/jobs/selftest against a bare Hono app that only does `queue.add`,
 * on the same Redis, in turns; and the processor time of each for a request, which others on the machine do not change as
 * much. Exit code 1 when the gateway manages less than 0.6 of the bare app.
 */
const leastRatio = 0.6;
const rounds = amount(5, 1);
const seconds = amount(4, 1);
// Until both are compiled for what they do here.
const warmUpSeconds = amount(8, 1);
const connections = 32;

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);
const profile = process.argv.includes('--cpu-prof') ? ['--cpu-prof', '--cpu-prof-dir=/tmp'] : [];

const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({
  dataDir,
  prepareDatabase: prepareDatabase(secret),
});
const redis = new Redis(stack.env.REDIS_URL ?? '');
try {
  process.exitCode = (await compare()) >= leastRatio ? 0 : 1;
} finally {
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function compare(): Promise<number> {
  const env = { ...stack.env, PATH: process.env['PATH'] ?? '' };
  const gateway = await startServer(
    join(root, 'apps', 'gateway', 'src', 'main.ts'),
    {
      ...env,
      ...keyOf(secret, 'gateway'),
      GATEWAY_PORT: String(await freePort()),
      WORKER_SECRET: secret,
      SESSION_SECRET: randomBytes(32).toString('base64url'),
      OPERATOR_PASSWORD: randomBytes(12).toString('base64url'),
    },
    profile,
  );
  const bare = await startServer(join(import.meta.dirname, 'bare-server.ts'), {
    ...env,
    GATEWAY_PORT: String(await freePort()),
  });
  try {
    for (const line of await machineFacts(redis)) write(line);
    write(
      `load     ${connections} kept-alive connections, ${rounds} rounds of ${seconds} s each, in turns\n`,
    );
    await measure(gateway, warmUpSeconds);
    await measure(bare, warmUpSeconds);
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const ours = await measure(gateway, seconds);
      const theirs = await measure(bare, seconds);
      ratios.push(ours.perSecond / theirs.perSecond);
      write(
        `round ${round}  gateway ${show(ours)}   bare ${show(theirs)}   ratio ${ratios.at(-1)?.toFixed(2)}`,
      );
    }
    const sorted = ratios.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(rounds / 2)] ?? 0;
    const spread = `${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)}`;
    write(`\nratio    ${median.toFixed(2)} (median; ${spread}), at least ${leastRatio} wanted`);
    return median;
  } finally {
    await Promise.all([gateway.stop(), bare.stop()]);
  }
}

interface Measured extends Load {
  /** Microseconds of processor time for a request. */
  cpuUs: number;
}

async function measure({ port, pid }: ServerProcess, forSeconds: number): Promise<Measured> {
  // Each round begins with an empty queue.
  for await (const keys of redis.scanStream({ match: '*' }) as AsyncIterable<string[]>) {
    if (keys.length > 0) await redis.unlink(keys);
  }
  const before = processorSeconds(pid);
  const result = await load({
    port,
    path: '/v1/jobs/selftest',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: '{}',
    expect: 202,
    connections,
    seconds: forSeconds,
  });
  if (result.refused > 0) throw new Error(`${result.refused} requests were refused`);
  return {
    ...result,
    cpuUs: ((processorSeconds(pid) - before) * 1_000_000) / (result.perSecond * forSeconds),
  };
}

function show({ perSecond, median, p99, cpuUs }: Measured): string {
  return `${perSecond.toFixed(0).padStart(6)} req/s (median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${cpuUs.toFixed(0)} us of a core each)`;
}
