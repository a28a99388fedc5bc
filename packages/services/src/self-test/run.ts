import type { Db } from '@actp/db/client';
import type { SelfTestTrigger } from '@actp/shared/jobs/catalogue';

/** Begins a self-test run with a lease; false when another run is under way. */
export const beginRun = (
  db: Db,
  run: { runId: string; trigger: SelfTestTrigger; jobId: string; holder: string; leaseSeconds: number },
): Promise<boolean> =>
  db.call((client) =>
    client.rpc('begin_selftest_run', {
      p_run_id: run.runId,
      p_trigger: run.trigger,
      p_job_id: run.jobId,
      p_holder: run.holder,
      p_lease_seconds: run.leaseSeconds,
    }),
  );

/** Extends the lease of a run and records the step it is at; false when the run was given up as dead. */
export const extendRun = (
  db: Db,
  run: { runId: string; step: string; leaseSeconds: number },
): Promise<boolean> =>
  db.call((client) =>
    client.rpc('extend_selftest_run', {
      p_run_id: run.runId,
      p_step: run.step,
      p_lease_seconds: run.leaseSeconds,
    }),
  );
