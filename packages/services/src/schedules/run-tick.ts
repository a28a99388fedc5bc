import { z } from 'zod';
import { cronTable, type CronEntry } from '@actp/shared/cron-table';
import { messageOf, UnavailableError } from '@actp/shared/errors';
import { JobDeferred, Skipped, type ScheduledJob } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import type { Db } from '@actp/db/client';

/** One moment at which a schedule was due. */
export interface Tick {
  schedule: string;
  dueAt: Date;
}

interface TickDeps {
  db: Db;
  log: Logger;
  /** The cron table in use; another one only for tests. */
  table?: readonly CronEntry[];
}

const Claim = z.enum(['run', 'done', 'late']);

// How soon a job asks again when the database is away.
const awayMs = 2_000;
// What a worker may take to get to a job, where no entry says more.
const leastLateSeconds = 600;

/** The id of a job that catches a tick up: the same one for every copy that finds it missing. */
export const catchUpJobId = ({ schedule, dueAt }: Tick): string => `tick-${schedule}-${dueAt.getTime()}`;

/** The tick that a job was made for; undefined for a job that no schedule asked for. */
export function tickOf({ repeatJobKey, opts, id }: ScheduledJob): Tick | undefined {
  // BullMQ keeps the moment that a scheduled job was due in this option, for computing the next one.
  if (repeatJobKey !== undefined && opts.prevMillis !== undefined) {
    return { schedule: repeatJobKey, dueAt: new Date(opts.prevMillis) };
  }
  const [, schedule, millis] = /^tick-([\w-]+)-(\d{1,15})$/.exec(id ?? '') ?? [];
  return schedule === undefined ? undefined : { schedule, dueAt: new Date(Number(millis)) };
}

/**
 * Runs the work of a tick once, whichever of its jobs comes first and however often: which one that is, and what became of
 * it, stands in the database. Work that no schedule asked for just runs.
 *
 * @throws Skipped when another job has the tick, or it is too late for it
 * @throws JobDeferred when the database is away
 */
export async function runTick<T>(deps: TickDeps, job: ScheduledJob, work: () => Promise<T>): Promise<T> {
  const tick = tickOf(job);
  if (tick === undefined) return work();
  await claim(deps, tick, job);
  try {
    const result = await work();
    await record(deps, tick, job, 'completed');
    return result;
  } catch (error) {
    if (error instanceof JobDeferred) throw error;
    if (error instanceof UnavailableError) throw new JobDeferred(awayMs);
    await record(deps, tick, job, 'failed');
    throw error;
  }
}

async function claim({ db, table = cronTable }: TickDeps, tick: Tick, { id }: ScheduledJob): Promise<void> {
  const { catchUpSeconds = 0 } = table.find(({ name }) => name === tick.schedule) ?? {};
  const answer: unknown = await db
    .call((client) =>
      client.rpc('claim_schedule_run', {
        p_schedule: tick.schedule,
        p_due_at: tick.dueAt.toISOString(),
        p_job_id: id ?? '',
        p_late_seconds: Math.max(catchUpSeconds, leastLateSeconds),
      }),
    )
    .catch((error: unknown) => {
      throw error instanceof UnavailableError ? new JobDeferred(awayMs) : error;
    });
  const result = Claim.parse(answer);
  if (result === 'late') throw new Skipped('the tick is too old');
  if (result === 'done') throw new Skipped('another job has this tick');
}

// A database that is away costs a warning only: the work is done.
async function record(
  { db, log }: TickDeps,
  { schedule, dueAt }: Tick,
  { id }: ScheduledJob,
  status: 'completed' | 'failed',
): Promise<void> {
  const run = { p_schedule: schedule, p_due_at: dueAt.toISOString(), p_job_id: id ?? '', p_status: status };
  try {
    await db.call((client) => client.rpc('record_schedule_run', run));
  } catch (error) {
    log.warn({ schedule, status, reason: messageOf(error) }, 'tick not recorded');
  }
}
