import type { Db } from '@actp/db/client';

// Many expire at once only after an outage; the next call takes the rest.
const limit = 500;
// An agent that has reported nothing for a day is not going to.
const unknownAfterSeconds = 86_400;

/** Records what the clock has ended: expired approvals, lapsed grants, unknown outcomes. @returns the ids that changed */
export const expireApprovals = (db: Db): Promise<string[]> =>
  db.call((client) =>
    client.rpc('expire_approvals', { p_limit: limit, p_unknown_after_seconds: unknownAfterSeconds }),
  );
