import { hostname } from 'node:os';
import { messageOf } from '@actp/shared/errors';
import type { JobRun } from '@actp/shared/jobs/worker';
import type { Logger } from '@actp/shared/log';
import { redactEvent } from '@actp/shared/audit/redact-event';
import type { Db } from '../client.ts';
import { eventIdOf } from './event-id.ts';
import { writeAuditEvents } from './write-events.ts';

/**
 * The audit event of every job run, `job.<name>`. Its id comes from the run, so that a run that is recorded twice is one
 * event. A database that is away costs a warning: the job's own log line has the same facts.
 *
 * @param app who runs it; stands as agent and user agent
 */
export function createJobRecorder({ db, log, app }: { db: Db; log: Logger; app: string }) {
  return async ({ queue, name, jobId, attempt, outcome, startedAt, error }: JobRun): Promise<void> => {
    const row = redactEvent({
      event_id: eventIdOf(`${queue}\n${jobId}\n${attempt}\n${startedAt.toISOString()}`),
      agent_id: app,
      action_type: `job.${name}`,
      status: outcome === 'completed' ? 'ok' : 'error',
      result: { queue, job_id: jobId, attempt },
      error: error ?? null,
      started_at: startedAt.toISOString(),
      completed_at: new Date().toISOString(),
      user_agent: `actp-worker/${app} (${hostname()})`,
      source: 'plane',
    });
    try {
      await writeAuditEvents(db, [row]);
    } catch (failure) {
      log.warn({ job_id: jobId, job: name, reason: messageOf(failure) }, 'job run not recorded');
    }
  };
}
