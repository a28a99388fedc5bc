import type { Db } from '@actp/db/client';
import type { Json } from '@actp/db/database-types';
import { z } from 'zod';

const Paid = z.object({ result: z.enum(['recorded', 'known', 'not_released']), id: z.uuid().optional() });

/**
 * Records a payment that was released, once for its key.
 *
 * @returns the id of the record; undefined when no such payment was released
 */
export async function payLedger(db: Db, key: string, payload: object): Promise<string | undefined> {
  const returned: unknown = await db.call((client) =>
    client.rpc('pay_ledger', { p_key: key, p_payload: payload as unknown as Json }),
  );
  return Paid.parse(returned).id;
}
