import type { Db } from '@actp/db/client';
import { messageOf } from '@actp/shared/errors';
import { queueNames, type QueueName } from '@actp/shared/jobs/catalogue';
import { readHold } from '@actp/services/anchor/anchor-store';
import { listWaitingApprovals } from '@actp/services/approvals/list-waiting';
import { taskAttention } from '@actp/services/tasks/attention';
import { recentSelfTests, runningSelfTest } from '@actp/services/self-test/status';
import { createKillSwitchCommandStore } from '@actp/services/kill-switch/command-store';
import type { Producer } from '@actp/shared/jobs/producer';

export interface StatusDeps {
  db: Db;
  producer: Producer;
}

const selfTestsShown = 3;
const approvalsShown = 5;
const effectsShown = 5;

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
  const [hold, switches, snapshots, running, waiting, tasks, queues] = await Promise.all([
    reading(readHold(db)),
    reading(createKillSwitchCommandStore(db).active()),
    reading(recentSelfTests(db, selfTestsShown)),
    reading(runningSelfTest(db)),
    reading(listWaitingApprovals(db, approvalsShown)),
    reading(taskAttention(db, effectsShown)),
    reading(Promise.all(queueNames.map((queue) => countJobs(producer, queue)))),
  ]);
  return { hold, switches, snapshots, running, waiting, tasks, queues };
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
