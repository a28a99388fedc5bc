import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { messageOf, UnavailableError } from '@actp/shared/errors';
import type { Payload, Result } from '@actp/shared/jobs/catalogue';
import { JobDeferred, type Handlers, type JobContext } from '@actp/shared/jobs/worker';
import { redactValue } from '@actp/redaction/redact-value';
import type { Progress } from './progress.ts';
import { recordSnapshot, type RecordDeps } from './record-snapshot.ts';
import { takeSuites } from './suites-lease.ts';
import { beginRun, type LeaseDeps } from './run-lease.ts';
import { runTick } from '@actp/services/schedules/run-tick';
import { runSelfTest, type SelfTestDeps } from './steps.ts';

type Name = 'run-self-test';

export type RunSelfTestDeps = RecordDeps & LeaseDeps & { selfTest: Omit<SelfTestDeps, 'report'> };

// How soon a run that had to wait for another one, or for the database, looks again.
const waitMs = 2_000;

/**
 * The processor of `run-self-test`: one run at a time across all runners, one snapshot for each run whatever happens.
 * Failing tests are a completed job whose result says so. A stopped runner leaves the job to be run again.
 */
export function createRunSelfTest(deps: RunSelfTestDeps): Handlers<'selftest'>[Name] {
  const underWay = new Map<string, Promise<Result<Name>>>();
  return (payload, context) => {
    // After an outage of Redis a job can be handed out again while it still runs here: that is the same run.
    const id = context.job.id ?? randomUUID();
    const running =
      underWay.get(id) ??
      runTick({ ...deps, log: context.log }, context.job, () => runOnce(deps, payload, context)).finally(() =>
        underWay.delete(id),
      );
    underWay.set(id, running);
    return running;
  };
}

async function runOnce(
  deps: RunSelfTestDeps,
  payload: Payload<Name>,
  { job, log, signal }: JobContext<Name>,
): Promise<Result<Name>> {
  const run = { runId: randomUUID(), trigger: payload.trigger, jobId: job.id ?? '', signal };
  const nullWhenUnavailable = (error: unknown) => {
    if (error instanceof UnavailableError) return null;
    throw error;
  };
  // Not while a heal's tests run.
  const suites = await takeSuites(deps.db).catch(nullWhenUnavailable);
  if (suites === null) throw new JobDeferred(waitMs);
  const lease = await beginRun({ ...deps, log }, run)
    .catch(nullWhenUnavailable)
    .finally(() => void suites.release());
  if (lease === null) throw new JobDeferred(waitMs);

  const over = AbortSignal.any([signal, lease.lost]);
  let complete = false;
  try {
    const snapshot = await runSelfTest(
      {
        ...deps.selfTest,
        async report(found) {
          const cutOff = over.aborted;
          const stored = await recordSnapshot({ ...deps, log }, found, { quiet: cutOff, signal });
          complete = stored && !cutOff;
          if (complete && found.heal?.state === 'queued') await enqueueHeal({ ...deps, log }, found.run_id);
        },
      },
      {
        ...run,
        signal: over,
        progress(progress) {
          lease.enter(progress.step);
          updateProgress(job, progress);
        },
      },
    );
    if (!complete) throw new JobDeferred(waitMs);
    const { run_id, status, tests_total, tests_passed, tests_failed, services_up, services_total } = snapshot;
    return { run_id, status, tests_total, tests_passed, tests_failed, services_up, services_total };
  } catch (error) {
    // Without its snapshot the run ends as abandoned; the job is not to blame and runs again.
    if (error instanceof JobDeferred) throw error;
    if (signal.aborted || error instanceof UnavailableError) throw new JobDeferred(waitMs);
    throw error;
  } finally {
    lease.end();
  }
}

// When Redis is away the runner's reconciler finds it in the snapshot.
async function enqueueHeal({ producer, log }: RecordDeps, runId: string): Promise<void> {
  try {
    await producer.add('heal-run', { run_id: runId, by: 'plane' }, { jobId: `heal-${runId}` });
  } catch (error) {
    log.warn({ run_id: runId, reason: messageOf(error) }, 'heal not queued, the reconciler will queue it');
  }
}

// Nobody waits for it: a Redis that is away must not hold up the tests.
function updateProgress(job: Job, progress: Progress): void {
  job.updateProgress(redactValue({ ...progress })).catch(() => undefined);
}
