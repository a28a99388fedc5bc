import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Redis } from 'ioredis';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { jobAttributes, traceOptions } from '@actp/shared/jobs/trace-context';
import { activeTracer, span } from '@actp/shared/telemetry/tracer';
import { createOtlpReceiver } from '@actp/testing/otlp/receiver';
import { keyOf, prepareDatabase } from './database.ts';
import { load } from './load.ts';
import { machineFacts } from './machine.ts';
import { processorSeconds } from './processor-time.ts';
import { startServer, type ServerProcess } from './server-process.ts';

/*
 * What tracing costs a gateway without an endpoint, as it is delivered. Exit code 1 when what it runs for a request (the checks that find that nobody
 * traces) takes more than 2 % of the processor time of a POST /v1/jobs/selftest, both measured here in turns. Beside it, in turns: the same gateway with
 * the calls taken out of its source, and with every request recorded; two processes differ by several percent by themselves, so that these are to
 * look at.
 */
const mostShare = 0.02;
const rounds = 5;
const seconds = 2;
const warmUpSeconds = 4;
const connections = 16;
// Of what is run when nobody traces.
const repeats = 200_000;

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const write = (line: string) => process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({ dataDir, prepareDatabase: prepareDatabase(secret) });
const redis = new Redis(stack.env.REDIS_URL ?? '');
const receiver = await createOtlpReceiver();
try {
  process.exitCode = (await compare()) <= mostShare ? 0 : 1;
} finally {
  await receiver.close();
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function compare(): Promise<number> {
  const started: ServerProcess[] = [];
  try {
    const start = async (...how: Parameters<typeof gateway>) => {
      const server = await gateway(...how);
      started.push(server);
      return server;
    };
    const off = await start();
    const without = await start({}, ['--import', join(import.meta.dirname, 'without-telemetry.ts')]);
    const on = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    for (const line of await machineFacts(redis)) write(line);
    write(
      `load     ${connections} kept-alive connections, ${rounds} rounds of ${seconds} s each, in turns\n`,
    );
    const all = [off, without, on];
    for (const each of all) await measure(each, warmUpSeconds);
    const results: Measured[][] = [[], [], []];
    const noOps: number[] = [];
    await noOpMicroseconds();
    for (let round = 0; round < rounds; round += 1) {
      // Each is the first as often as the others.
      for (let turn = 0; turn < all.length; turn += 1) {
        const which = (round + turn) % all.length;
        const server = all[which];
        if (server) results[which]?.push(await measure(server, seconds));
      }
      noOps.push(await noOpMicroseconds());
      receiver.spans.length = 0;
    }
    const [ofOff = [], ofWithout = [], ofOn = []] = results;
    write(`off      ${show(ofOff)}   (no endpoint: as delivered)`);
    write(`without  ${show(ofWithout)}   (the calls taken out)`);
    write(`on       ${show(ofOn)}   (every request recorded and sent)`);
    write(`\nbeside   off ${pairs(ofOff, ofWithout)} of without, on ${pairs(ofOn, ofWithout)}`);
    const shares = ofOff.map(({ cpuUs }, i) => (noOps[i] ?? 0) / cpuUs);
    const share = median(shares);
    write(`no-op    ${(median(noOps) * 1_000).toFixed(0)} ns a request`);
    write(
      `share    ${(share * 100).toFixed(2)} % of a request (median; at most ${(Math.max(...shares) * 100).toFixed(2)} %), at most ${mostShare * 100} % wanted`,
    );
    return share;
  } finally {
    await Promise.all(started.map((server) => server.stop()));
  }
}

async function gateway(more: Record<string, string> = {}, nodeOptions: readonly string[] = []) {
  const env = {
    ...stack.env,
    ...keyOf(secret, 'gateway'),
    PATH: process.env['PATH'] ?? '',
    GATEWAY_PORT: String(await freePort()),
    WORKER_SECRET: secret,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    OPERATOR_PASSWORD: randomBytes(12).toString('base64url'),
    ...more,
  };
  return startServer(join(root, 'apps', 'gateway', 'src', 'main.ts'), env, nodeOptions);
}

interface Measured {
  perSecond: number;
  /** Microseconds of processor time for a request. */
  cpuUs: number;
}

async function measure({ port, pid }: ServerProcess, forSeconds: number): Promise<Measured> {
  for await (const keys of redis.scanStream({ match: '*' }) as AsyncIterable<string[]>) {
    if (keys.length > 0) await redis.unlink(keys);
  }
  const before = processorSeconds(pid);
  const { perSecond, refused } = await load({
    port,
    path: '/v1/jobs/selftest',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: '{}',
    expect: 202,
    connections,
    seconds: forSeconds,
  });
  if (refused > 0) throw new Error(`${refused} requests were refused`);
  return { perSecond, cpuUs: ((processorSeconds(pid) - before) * 1_000_000) / (perSecond * forSeconds) };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Microseconds for all that a request of this kind runs of tracing when nobody traces: its own span, that of the job, and of two calls of the database. */
async function noOpMicroseconds(): Promise<number> {
  const answer = Promise.resolve();
  const begun = process.cpuUsage();
  for (let i = 0; i < repeats; i += 1) {
    if (activeTracer() === undefined) await answer;
    await span(
      'add run-self-test',
      { kind: 'producer', attributes: jobAttributes('selftest', 'run-self-test') },
      ({ carrier }) => ({ ...traceOptions(carrier()), answer }).answer,
    );
    for (let call = 0; call < 2; call += 1) if (activeTracer() === undefined) await answer;
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / repeats;
}

/** Rate and processor time beside another, as the medians of the quotients of what was measured in the same round. */
function pairs(ours: readonly Measured[], theirs: readonly Measured[]): string {
  const ratio = (of: (each: Measured) => number) =>
    median(ours.flatMap((each, i) => (theirs[i] === undefined ? [] : [of(each) / of(theirs[i])])));
  return `${ratio(({ perSecond }) => perSecond).toFixed(2)} of the rate, ${ratio(({ cpuUs }) => cpuUs).toFixed(2)} of the processor time`;
}

function show(measured: readonly Measured[]): string {
  const rate = median(measured.map(({ perSecond }) => perSecond));
  const cpu = median(measured.map(({ cpuUs }) => cpuUs));
  return `${rate.toFixed(0).padStart(6)} req/s, ${cpu.toFixed(1)} us of a core each`;
}
