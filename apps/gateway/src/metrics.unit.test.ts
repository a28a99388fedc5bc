import { describe, expect, it } from 'vitest';
import type { Queue } from 'bullmq';
import type { Db } from '@actp/db/client';
import type { Producer } from '@actp/shared/jobs/producer';
import { createMetrics } from './metrics.ts';

const refusal = { what: 'text', reason: 'Forbidden', chats: 1 };

/** What the stores say; a test changes it. */
function world() {
  return {
    away: false,
    checks: { redis: 'ok', telegram: 'ok' } as Record<string, string>,
    answers: {
      plane_hold: null as unknown,
      plane_gauges: {
        approvals_pending: 3,
        approvals_oldest: null,
        notifications_oldest: 7,
        checkpoint_age: 5 as number | null,
        unsigned_oldest: null,
        tasks: { queued: 2 },
        effects_unknown: 1,
        kill_switches: 1,
        self_test_age: 60,
        self_test_passed: true,
      },
      telegram_state: { refusals: [refusal], alerts: 4, cards: 1 },
    } as Record<string, unknown>,
  };
}

type World = ReturnType<typeof world>;

function metricsOf(stores: World) {
  const answered = <T>(value: T): Promise<T> =>
    stores.away ? Promise.reject(new Error('away')) : Promise.resolve(value);
  const db: Db = {
    call: (build) => {
      let asked = '';
      build({ rpc: (name: string) => void (asked = name) } as never);
      return answered(stores.answers[asked] as never);
    },
  };
  // What is read of a queue.
  const queue = { getJobCounts: async () => ({ waiting: 2 }), getRanges: async () => [] } as unknown as Queue;
  const producer = { use: (_, work) => answered(queue).then(work) } as Producer;
  const readiness = { report: async () => ({ status: 'ready' as const, checks: stores.checks }) };
  const metrics = createMetrics({ producer, db, readiness });
  /** Series of the stores with their values. */
  return async () => {
    const { text } = await metrics.render();
    const ours = text.split('\n').filter((line) => /^actp_(?!http_|guard_)/.test(line));
    return Object.fromEntries(
      ours.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  };
}

describe('[OPS-003] what is exported of the stores', () => {
  it('is what they say now', async () => {
    expect(await metricsOf(world())()).toMatchObject({
      actp_plane_held: 0,
      actp_approvals_pending: 3,
      actp_approvals_oldest_seconds: 0,
      actp_audit_checkpoint_age_seconds: 5,
      actp_selftest_passed: 1,
      'actp_tasks{status="queued"}': 2,
      'actp_tasks{status="succeeded"}': 0,
      'actp_queue_jobs{queue="audit",state="waiting"}': 2,
      'actp_queue_oldest_seconds{queue="audit"}': 0,
      'actp_telegram_waiting{kind="alert"}': 4,
      'actp_telegram_refused{what="text",reason="Forbidden"}': 1,
      'actp_ready{check="telegram"}': 1,
    });
  });

  it('is nothing of before while they are away', async () => {
    const stores = world();
    const read = metricsOf(stores);
    await read();
    stores.away = true;
    expect(await read()).toEqual({ 'actp_ready{check="redis"}': 1, 'actp_ready{check="telegram"}': 1 });
    stores.away = false;
    expect(await read()).toMatchObject({ actp_plane_held: 0, actp_kill_switches_active: 1 });
  });

  it('is nothing of what has ended, or is not there any more', async () => {
    const stores = world();
    const read = metricsOf(stores);
    await read();
    stores.answers['telegram_state'] = { refusals: [], alerts: 0, cards: 0 };
    stores.answers['plane_hold'] = { code: 'behind', reason: 'why', since: '2026-01-01T00:00:00Z' };
    stores.checks = { redis: 'redis is unavailable', telegram: 'off' };
    const now = await read();
    expect(now).toMatchObject({ actp_plane_held: 1, 'actp_ready{check="redis"}': 0 });
    expect(Object.keys(now).filter((name) => /refused|telegram"/.test(name))).toEqual([]);
  });
});
