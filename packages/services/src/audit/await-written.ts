import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';

export interface AwaitWrittenDeps {
  producer: Pick<Producer, 'use'>;
  /** How long nothing may be written before it is given up, in milliseconds. */
  patienceMs?: number;
}

// The auditor writes a batch in some 20 ms; it tries again for a minute when the database was away.
const defaultPatienceMs = 30_000;
const pollMs = 50;

/**
 * Waits until every audit event that was acknowledged before this call is in the database: until then it is in Redis alone.
 *
 * @throws UnavailableError when Redis is away, or nobody writes
 */
export async function awaitWrittenEvents({
  producer,
  patienceMs = defaultPatienceMs,
}: AwaitWrittenDeps): Promise<void> {
  // In one call, so that a job which changes its state meanwhile is not missed. Ticks of the cron table have ids of another form.
  const waiting = () =>
    producer.use('audit', async (queue) => {
      const ids = await queue.getRanges(['waiting', 'active', 'prioritized', 'delayed'], 0, -1);
      return ids.filter((id) => /^\d+$/.test(id));
    });
  let left = new Set(await waiting());
  let moved = performance.now();
  while (left.size > 0) {
    await delay(pollMs);
    const now = new Set(await waiting());
    const still = new Set([...left].filter((id) => now.has(id)));
    if (still.size < left.size) moved = performance.now();
    else if (performance.now() - moved > patienceMs) throw new UnavailableError('the auditor');
    left = still;
  }
}
