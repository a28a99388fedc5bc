import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';

const atOnce = 1_000;
const batchJob = 'write-audit-events';
// Clocks of two processes differ by less.
const aheadMs = 60_000;
// More than there are jobs of schedules, which wait for days.
const lookedAt = 10;

interface Deps {
  producer: Producer;
  log: Logger;
}

/**
 * Puts batches back to work that used up their attempts, or whose worker died too often: each holds events that were
 * acknowledged. Writing one again is harmless.
 */
export async function retryFailedBatches({ producer, log }: Deps): Promise<void> {
  await producer.use('audit', async (queue) => {
    for (const job of await queue.getFailed(0, atOnce)) {
      if (job.name !== batchJob) continue;
      log.warn({ job_id: job.id }, 'retrying a failed batch of audit events');
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    }
  });
}

/**
 * Takes up batches that wait for another try since an attempt that the clock says is yet to come: it was ahead then, and they
 * would wait for as long as it was.
 */
export async function resumeDelayedBatches({ producer, log }: Deps): Promise<void> {
  await producer.use('audit', async (queue) => {
    for (let resumed = true; resumed;) {
      resumed = false;
      // Those that wait longest come first. A batch can be large, so few are read where none has to be taken up.
      for (const job of await queue.getJobs(['delayed'], 0, lookedAt - 1, false)) {
        if (job.name !== batchJob || (job.processedOn ?? 0) < Date.now() + aheadMs) continue;
        log.warn({ job_id: job.id }, 'audit batch was delayed by a clock that ran ahead');
        await job.promote();
        resumed = true;
      }
    }
  });
}
