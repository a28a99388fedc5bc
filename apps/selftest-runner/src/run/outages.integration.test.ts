import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openTcpGate } from '@actp/testing/tcp-gate';
import { openBench, suite } from '../selftest-runner.fixture.ts';

const bench = await openBench();
const { stores } = bench;

async function gateTo(url: string) {
  const target = new URL(url);
  const gate = await openTcpGate(Number(target.port));
  afterAll(() => gate.shut());
  target.port = String(gate.port);
  return { gate, url: target.href.replace(/\/$/, '') };
}

const database = await gateTo(stores.env.SUPABASE_URL);
const redis = await gateTo(stores.env.REDIS_URL);

// Waits for the file `go`, so that the outage certainly begins while it runs.
const waiting = suite('waiting', 'touch begun; while [ ! -e go ]; do sleep 0.05; done');
const begun = () => eventually(() => readFile(join(bench.dir, 'begun')).then(() => true));
const go = () => writeFile(join(bench.dir, 'go'), '');

async function stateOfStartup(): Promise<string> {
  return bench.producer.use('selftest', (queue) => queue.getJobState('startup-test'));
}

describe('a self-test', () => {
  it('whose database is away when it has its verdict stores it when the database is back, once', async () => {
    await bench.configure({ suites: [waiting] });
    await bench.start({ SUPABASE_URL: database.url });
    await begun();
    await database.gate.shut();
    await go();
    await eventually(async () => {
      const job = await bench.producer.use('selftest', (queue) => queue.getJob('startup-test'));
      return (job?.progress as { step?: string } | undefined)?.step === 'report';
    });
    expect(await stateOfStartup()).toBe('active');
    await database.gate.open();
    expect(await bench.snapshotsOf(1)).toMatchObject([{ status: 'passed', tests_passed: 1 }]);
    await eventually(async () => (await stateOfStartup()) === 'completed');
    expect(await bench.snapshots()).toHaveLength(1);
  });

  it('that finds no database at its begin waits for it', async () => {
    await bench.configure({ suites: [] });
    await database.gate.shut();
    await bench.start({ SUPABASE_URL: database.url });
    // It is taken up and put back again, so that its state may be either.
    await eventually(async () => {
      const job = await bench.producer.use('selftest', (queue) => queue.getJob('startup-test'));
      return (job?.attemptsStarted ?? 0) > 0;
    });
    expect(await bench.snapshots()).toEqual([]);
    await database.gate.open();
    expect(await bench.snapshotsOf(1)).toMatchObject([{ status: 'passed' }]);
    await eventually(async () => (await stateOfStartup()) === 'completed');
    expect(await bench.snapshots()).toHaveLength(1);
  });

  it('goes on while Redis is away, and its job ends when Redis is back', async () => {
    await bench.configure({ suites: [waiting] });
    await bench.start({ REDIS_URL: redis.url });
    await begun();
    await redis.gate.shut();
    await go();
    expect(await bench.snapshotsOf(1)).toMatchObject([{ status: 'passed' }]);
    await redis.gate.open();
    await eventually(async () => (await stateOfStartup()) === 'completed');
    expect(await bench.snapshots()).toHaveLength(1);
  });

  it('that belongs to the start comes as soon as Redis does', async () => {
    await bench.configure({ suites: [] });
    await redis.gate.shut();
    await bench.start({ REDIS_URL: redis.url });
    await redis.gate.open();
    expect(await bench.snapshotsOf(1)).toMatchObject([{ status: 'passed', trigger: 'startup' }]);
  });
});
