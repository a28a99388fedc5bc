import { describe, expect, it } from 'vitest';
import { maxEvents, type AuditRow } from '@actp/shared/audit/event';
import { createAuditBatcher, type AuditBatcherDeps } from './batcher.ts';

const row = (n: number, text = ''): AuditRow => ({
  event_id: `7b8d4a52-2f0a-4a4b-9a2e-${String(n).padStart(12, '0')}`,
  agent_id: 'buyer',
  action_type: 'test.run',
  status: 'ok',
  source: 'plane',
  result: { n, text },
});
const rows = (count: number) => Array.from({ length: count }, (_, n) => row(n));

/** A queue that takes every job, until it is away; it answers a job once it is let. */
function open({ maxJobs = 10, queued = 0, held = false } = {}) {
  const state = { away: false, queued, delayed: 0, active: 0, done: 99, asked: 0, large: 0, now: 0 };
  const jobs: Array<{ events?: AuditRow[]; events_json?: string }> = [];
  const waiting: Array<() => void> = [];
  const producer = {
    add: async (name: string, payload: { events: AuditRow[] }, options: object) => {
      expect([name, options]).toEqual(['write-audit-events', { checked: true }]);
      jobs.push(payload);
      if (held) await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.away) throw new Error('away');
    },
    use: async (queue: string, ask: (of: object) => unknown) => {
      state.asked += 1;
      if (state.away) throw new Error('away');
      expect(queue).toBe('audit');
      const { queued: waits, delayed, active, done: completed } = state;
      const counts: Record<string, number> = { waiting: waits, delayed, active, completed };
      return ask({
        getJobCounts: (...kinds: string[]) => Object.fromEntries(kinds.map((kind) => [kind, counts[kind]])),
      });
    },
  } as unknown as AuditBatcherDeps['producer']; // of all jobs and queues, only these
  const redactRows = async (large: readonly AuditRow[]) => {
    state.large += 1;
    return large;
  };
  const batcher = createAuditBatcher({ producer, maxJobs, redactRows }, () => state.now);
  const sizes = () => jobs.map(({ events }) => events?.length);
  return { batcher, jobs, sizes, state, waiting };
}

const busy = { code: 'unavailable', message: 'too many audit events wait to be written', retryAfter: 5 };

describe('events for the audit log', () => {
  it('of one caller are one job, without their secrets', async () => {
    const { batcher, jobs } = open();
    const key = ['actp', 'key', 'f'.repeat(64)].join('_');
    await batcher.add([row(1, key), row(2)]);
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.events).toMatchObject([{ result: { n: 1 } }, { result: { n: 2 } }]);
    expect(JSON.stringify(jobs)).not.toContain('f'.repeat(64));
  });

  it('of many callers at once are few jobs, in their order, and each caller hears of it', async () => {
    const { batcher, jobs, sizes } = open();
    await Promise.all(rows(50).map((one) => batcher.add([one])));
    expect(jobs.length).toBeLessThan(5);
    expect(sizes().reduce((sum = 0, size = 0) => sum + size, 0)).toBe(50);
    const order = jobs.flatMap(({ events = [] }) => events.map(({ event_id }) => event_id));
    expect(order).toEqual(order.toSorted());
    await batcher.add([row(51)]);
    expect(sizes().at(-1)).toBe(1);
  });

  it('are acknowledged once their job is in the queue, and not before', async () => {
    const { batcher, waiting } = open({ held: true });
    let done = false;
    const added = batcher.add([row(1)]).then(() => (done = true));
    while (waiting.length === 0) await new Promise(setImmediate);
    expect(done).toBe(false);
    waiting[0]?.();
    await added;
  });

  it('are no more in a job than it takes, and a caller’s own stay together', async () => {
    const { batcher, sizes } = open({ maxJobs: 100 });
    const half = Math.floor(maxEvents / 2) + 1;
    const addAtOnce = (...counts: number[]) => Promise.all(counts.map((count) => batcher.add(rows(count))));
    // The first is under way at once.
    await addAtOnce(1, half, half, 2);
    expect(sizes()).toEqual([1, half, half + 2]);
    await addAtOnce(1, maxEvents - 1, 1, 1);
    expect(sizes().slice(3)).toEqual([1, maxEvents, 1]);
  });

  it('are no more bytes in a job than a request may bring; one that is larger has its own', async () => {
    const { batcher, sizes, state } = open();
    const mebibyte = 'x'.repeat(1_048_576);
    const many = Array.from({ length: 5 }, (_, n) => batcher.add([row(n, mebibyte)]));
    await Promise.all([...many, batcher.add([row(9, mebibyte.repeat(5))]), batcher.add([row(10)])]);
    expect(state.large).toBe(6);
    expect(Math.max(...sizes().map((size) => size ?? 0))).toBeLessThan(5);
    expect(sizes().reduce((sum = 0, size = 0) => sum + size, 0)).toBe(7);
  });

  it('count for more than their texts, since each has other fields as well', async () => {
    const { batcher, sizes } = open();
    const many = Array.from({ length: 150 }, (_, n) => row(n, 'x'.repeat(8_500)));
    // Their texts alone are not quite as many bytes.
    await Promise.all([batcher.add([row(1)]), batcher.add(many), batcher.add(many), batcher.add(many)]);
    expect(sizes()).toEqual([1, 300, 150]);
  });

  it('are refused while the queue is away, and taken again afterwards', async () => {
    const { batcher, state } = open();
    state.away = true;
    const both = await Promise.allSettled([batcher.add([row(1)]), batcher.add([row(2)])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    state.away = false;
    await batcher.add([row(3)]);
  });

  it('are refused when too many wait to be written, those that were just added among them', async () => {
    const full = open({ maxJobs: 3, queued: 3 });
    await expect(full.batcher.add([row(1)])).rejects.toMatchObject(busy);
    await expect(full.batcher.addWritten('[]')).rejects.toMatchObject(busy);
    expect(full.jobs).toEqual([]);
    const nearly = open({ maxJobs: 3, queued: 1 });
    await nearly.batcher.add([row(1)]);
    await nearly.batcher.addWritten('[{}]');
    await expect(nearly.batcher.add([row(2)])).rejects.toMatchObject(busy);
    expect(nearly.jobs).toEqual([{ events: [expect.anything()] }, { events_json: '[{}]' }]);
    expect(nearly.state.asked).toBe(1);
  });

  it.each(['queued', 'delayed', 'active'] as const)('are refused while as many jobs are %s', async (kind) => {
    const { batcher, state } = open({ maxJobs: 3 });
    state[kind] = 3;
    await expect(batcher.add([row(1)])).rejects.toMatchObject(busy);
    state[kind] = 2;
    state.now = 501;
    await batcher.add([row(1)]);
  });

  it('are counted again after a quarter of a second, for which nobody waits until it is half a second', async () => {
    const { batcher, state, jobs } = open({ maxJobs: 3, queued: 0 });
    await batcher.add([row(1)]);
    state.queued = 3;
    state.now = 250;
    await batcher.add([row(2)]);
    expect(state.asked).toBe(1);
    state.now = 251;
    await batcher.add([row(3)]);
    await expect(batcher.add([row(4)])).rejects.toMatchObject(busy);
    expect(state.asked).toBe(2);
    // Nobody has come for a while: what was true then counts no more.
    state.queued = 0;
    state.now = 251 + 501;
    await batcher.add([row(5)]);
    expect([state.asked, jobs.length]).toEqual([3, 4]);
  });

  it('are counted anew after the queue could not be counted', async () => {
    const { batcher, state } = open({ maxJobs: 10 });
    await batcher.add([row(1)]);
    state.now = 501;
    state.away = true;
    await expect(batcher.add([row(2)])).rejects.toThrow('away');
    state.away = false;
    await batcher.add([row(3)]);
    expect(state.asked).toBe(3);
  });

  it('are cleaned where they are, and elsewhere when they are large', async () => {
    const { batcher, state } = open();
    const key = ['actp', 'key', 'e'.repeat(64)].join('_');
    expect(JSON.stringify(await batcher.redact([row(1, key)]))).not.toContain('e'.repeat(64));
    expect(state.large).toBe(0);
    const { result: _none, ...bare } = row(1);
    expect(await batcher.redact([bare])).toEqual([bare]);
    await batcher.redact([row(1, 'x'.repeat(32_768))]);
    await batcher.redact([{ ...row(1), error: 'x'.repeat(32_769) }]);
    expect(state.large).toBe(2);
  });
});
