import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import { releaseStaleSpend } from '../spend/spend.ts';

// A call that finds more leaves the rest to the next one.
const limit = 500;

/**
 * Releases money that was reserved by a holder that never came back, and forgets uses that are in no limit's window any
 * more. Nothing depends on its being on time.
 */
export async function tidyCounters({ db, log }: { db: Db; log: Logger }): Promise<void> {
  const released = await releaseStaleSpend(db, limit);
  if (released.length > 0) log.warn({ reservations: released.length }, 'stale reservations released');
  await db.call((client) => client.rpc('forget_limit_uses', { p_limit: limit }));
}
