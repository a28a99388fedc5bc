import { once } from 'node:events';
import type { Producer } from '@actp/shared/jobs/producer';
import { retryWhileUnavailable } from './retry-while-unavailable.ts';

/**
 * Asks for the self-test that belongs to the start of the plane (SEC-005). Every copy of the runner asks, and each
 * again after a restart: the id makes them one job.
 *
 * @param startId the same for everything that was started together
 * @returns when Redis has taken it, or the signal was aborted
 */
export async function triggerStartupRun(
  producer: Producer,
  startId: string,
  signal: AbortSignal,
): Promise<void> {
  const add = () => producer.add('run-self-test', { trigger: 'startup' }, { jobId: `startup-${startId}` });
  if (signal.aborted) return;
  // An attempt under way is not waited for: the next start asks anew.
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).catch(() => undefined);
  try {
    await Promise.race([retryWhileUnavailable(add, { signal, withinMs: Infinity }), aborted]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    settled.abort();
  }
}
