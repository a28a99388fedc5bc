import type { Db } from '@actp/db/client';
import { releaseStaleSpend } from '@actp/services/spend/spend';
import type { Logger } from '@actp/shared/log';

// A turn that finds more leaves the rest to the next one.
const atMost = 500;

/**
 * What is done every now and then about what is counted: money that was reserved by somebody who never came back is
 * released, and uses that are in no limit's window any more are forgotten. Nothing depends on its being on time.
 */
export function createCounterTidy({ db, log }: { db: Db; log: Logger }): () => Promise<void> {
  return async () => {
    const released = await releaseStaleSpend(db, atMost);
    if (released.length > 0) log.warn({ reservations: released.length }, 'reserved money was released');
    await db.call((client) => client.rpc('forget_limit_uses', { p_limit: atMost }));
  };
}
