import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';

const atOnce = 1_000;

/**
 * Puts batches back to work that used up their attempts, or whose worker died too often: each holds events that were
 * acknowledged. Writing one again is harmless.
 */
export async function retryFailedBatches({
  producer,
  log,
}: {
  producer: Producer;
  log: Logger;
}): Promise<void> {
  await producer.use('audit', async (queue) => {
    for (const job of await queue.getFailed(0, atOnce)) {
      if (job.name !== 'write-audit-events') continue;
      log.warn({ job_id: job.id }, 'a failed batch of audit events is tried again');
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    }
  });
}
