import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { sendCanary } from './canary.ts';
import { openNotify } from './jobs.fixture.ts';
import { JobDeferred } from './worker.ts';

const redis = await openOwnRedis();
const notify = openNotify(redis);

// Built from parts so that no scanner takes this file for a leak.
const secret = ['sk', 'ant', 'api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'].join('-');

/** What the worker does with a job, by the job's id; anything else is done at once. */
const plans = new Map<string, () => Promise<unknown>>();
const starts: string[] = [];
const done = { state: 'sent' as const };

const worker = notify.work(async (_payload, { job }) => {
  const id = job.id ?? '';
  starts.push(id);
  await plans.get(id)?.();
  return done;
});

const startsOf = (id: string) => starts.filter((started) => started === id).length;
const untilState = (id: string, state: string) =>
  eventually(async () => (await notify.stateOf(id)) === state && id);

/** Adds a job while no one looks, so that its plan is there when it starts. */
async function planned(plan: () => Promise<unknown>, attempts = 1): Promise<string> {
  return notify.producer.use('notify', async (queue) => {
    const id = `planned-${plans.size}`;
    plans.set(id, plan);
    const data = { notification_id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11' };
    await queue.add('send-notification', data, { jobId: id, attempts, backoff: { type: 'fixed', delay: 1 } });
    return id;
  });
}

describe('a worker', () => {
  it('runs a job once and keeps its result', async () => {
    const id = await untilState(await notify.add(), 'completed');
    expect(startsOf(id)).toBe(1);
    expect(await notify.stored(id)).toMatchObject({ returnvalue: JSON.stringify(done) });
  });

  it.each<[what: string, name: string, data: unknown]>([
    ['a payload that does not fit', 'send-notification', { notification_id: 'not-an-id' }],
    ['an unknown key', 'send-notification', { notification_id: crypto.randomUUID(), extra: 1 }],
    ['no payload', 'send-notification', null],
    ['the job of another queue', 'run-self-test', { trigger: 'http' }],
    ['a job that nobody knows', 'rm -rf', {}],
    ['an inherited name', 'constructor', {}],
  ])('fails what cannot be run, and does not try again: %s', async (_what, name, data) => {
    const id = await untilState(await notify.smuggle(name, data), 'failed');
    expect(await notify.stored(id)).toMatchObject({ attemptsMade: 1 });
    expect(startsOf(id)).toBe(0);
  });

  it('tries again as often as the job may', async () => {
    const id = await untilState(await planned(() => Promise.reject(new Error('down')), 3), 'failed');
    expect(startsOf(id)).toBe(3);
    expect(await notify.stored(id)).toMatchObject({ attemptsMade: 3, failedReason: JSON.stringify('down') });
  });

  it('[SEC-020] stores why a job failed without the secrets in it', async () => {
    const fail = () => {
      throw new Error(`cannot log in with ${secret}`, { cause: new Error(secret) });
    };
    const stored = JSON.stringify(await notify.stored(await untilState(await planned(fail), 'failed')));
    expect(stored).not.toContain(secret);
    expect(stored).toMatch(/cannot log in with \[redacted:anthropic-key:[0-9a-f]{6}\]/);
    expect(stored).toContain('worker.integration.test.ts');
    expect(notify.lines.join('')).not.toContain(secret);
  });

  it('stores no more than the beginning of a huge failure', async () => {
    const fail = () => Promise.reject(new Error('x'.repeat(5_000_000)));
    const stored = JSON.stringify(await notify.stored(await untilState(await planned(fail), 'failed')));
    expect(stored.length).toBeLessThan(20_000);
  });

  it.each<[what: string, thrown: unknown]>([
    ['a string', 'just text'],
    ['undefined', undefined],
    ['null', null],
    ['an object', { code: 7 }],
    ['an error with an odd stack', Object.assign(new Error('odd'), { stack: undefined })],
  ])('goes on after a handler that throws %s', async (_what, thrown) => {
    await untilState(await planned(() => Promise.reject(thrown)), 'failed');
    await untilState(await notify.add(), 'completed');
  });

  it('lets a job wait that cannot run yet, without counting it as a failure', async () => {
    let calls = 0;
    const id = await planned(() => {
      calls += 1;
      return calls < 4 ? Promise.reject(new JobDeferred(10)) : Promise.resolve();
    });
    await untilState(id, 'completed');
    expect(calls).toBe(4);
    expect(await notify.stored(id)).toMatchObject({ returnvalue: JSON.stringify(done) });
    expect(notify.lines.filter((line) => line.includes(`"${id}"`) && line.includes('deferred'))).toHaveLength(
      3,
    );
  });

  it('answers canaries itself, and leaves the results of other jobs alone', async () => {
    const id = await untilState(await notify.add(), 'completed');
    const before = await notify.count('completed');
    expect(await sendCanary(notify.producer, 'notify', 10_000)).toBeGreaterThan(0);
    expect(await notify.count('completed')).toBe(before);
    expect(await notify.stateOf(id)).toBe('completed');
  });

  it('logs one event per job, with its outcome and without its data', async () => {
    const before = notify.lines.length;
    const id = await untilState(await notify.add(), 'completed');
    const events = notify.lines.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter((event) => event['job_id'] === id)).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'job',
        queue: 'notify',
        job: 'send-notification',
        attempt: 1,
        outcome: 'completed',
        ms: expect.any(Number),
      }),
    ]);
    const data = await notify.producer.use(
      'notify',
      async (queue) => (await queue.getJob(id))?.data as object,
    );
    expect(notify.lines.join('')).not.toContain(Object.values(data)[0]);
  });

  // Last: it closes the worker.
  it('ends what is under way when it is closed, and takes nothing new', async () => {
    const open = Promise.withResolvers<void>();
    const id = await planned(() => open.promise);
    await eventually(() => startsOf(id) === 1);
    const closing = worker.close();
    const later = await Promise.all(Array.from({ length: 10 }, () => notify.add()));
    open.resolve();
    await closing;
    expect(await notify.stateOf(id)).toBe('completed');
    for (const one of later) expect([await notify.stateOf(one), startsOf(one)]).toEqual(['waiting', 0]);
  });

  it('tells a handler to stop when it is closed, and gives up on one that does not', async () => {
    const signals: AbortSignal[] = [];
    const stubborn = notify.work(
      (_payload, { signal }) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
      { lockMs: 500, concurrency: 1 },
    );
    await notify.add();
    await eventually(() => signals.length > 0);
    await stubborn.close();
    expect(signals[0]?.aborted).toBe(true);
    expect(await notify.count('active')).toBe(1);
    // Its lock runs out, and somebody else does it.
    notify.work(() => Promise.resolve(done), { lockMs: 500 });
    await eventually(async () => (await notify.count('active', 'waiting')) === 0);
  });
});
