import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { messageOf } from '@actp/shared/errors';
import { queueNames, type QueueName } from '@actp/shared/jobs/catalogue';
import { createSwitchRegister } from '../../kill-switch/register.ts';
import type { Producer } from '@actp/shared/jobs/producer';

export interface StatusDeps {
  db: Db;
  producer: Producer;
}

const Services = z.array(z.object({ name: z.string(), up: z.boolean(), detail: z.string() })).catch([]);

const snapshotColumns =
  'created_at, trigger, status, tests_total, tests_passed, services_up, services_total, services';

export interface QueueCounts {
  queue: QueueName;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
}

/** A part that was read, or why it was not. */
export type Reading<T> = { ok: true; value: T } | { ok: false; problem: string };

export type PlaneStatus = Awaited<ReturnType<typeof readStatus>>;

/** Everything that `/status` shows, each part on its own: a store that is away hides only what it holds. */
export async function readStatus({ db, producer }: StatusDeps) {
  const [switches, snapshots, running, queues] = await Promise.all([
    reading(createSwitchRegister(db).active()),
    reading(readSnapshots(db)),
    reading(readRunning(db)),
    reading(Promise.all(queueNames.map((queue) => countJobs(producer, queue)))),
  ]);
  return { switches, snapshots, running, queues };
}

/** The last three, newest first. */
async function readSnapshots(db: Db) {
  const rows = await db.call((client) =>
    client
      .from('actp_agent_health_snapshots')
      .select(snapshotColumns)
      .order('created_at', { ascending: false })
      .limit(3),
  );
  return rows.map((row) => ({ ...row, services: Services.parse(row.services) }));
}

async function readRunning(db: Db) {
  const [run] = await db.call((client) =>
    client.from('actp_selftest_runs').select('trigger, step, started_at').is('finished_at', null).limit(1),
  );
  return run;
}

function countJobs(producer: Producer, queue: QueueName): Promise<QueueCounts> {
  return producer.use(queue, async (q) => {
    const counts = await q.getJobCounts('waiting', 'active', 'delayed', 'failed');
    const of = (state: string) => counts[state] ?? 0;
    return {
      queue,
      waiting: of('waiting'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
    };
  });
}

async function reading<T>(work: Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, problem: messageOf(error) };
  }
}
