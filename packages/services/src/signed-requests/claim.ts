import type { Db } from '@actp/db/client';

/**
 * Takes a signed request once over all gateways, on the database's clock.
 *
 * @param timestamp seconds since 1970, as the caller signed it
 * @returns `ok`, `stale` or `replayed`
 */
export const claimSignedRequest = (db: Db, id: string, timestamp: number): Promise<string> =>
  db.call((client) => client.rpc('claim_signed_request', { p_webhook_id: id, p_timestamp: timestamp }));
