import type { Db } from '@actp/db/client';
import { normaliseAction } from '@actp/policy/action-name';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { z } from 'zod';
import { checkPolicy, type PolicyCheck } from './policy-check.ts';

const Stored = z
  .object({
    action: z.string(),
    details: z.record(z.string(), z.unknown()),
    requested_by: z.string(),
    cost_usd: z.number().nullish(),
  })
  .nullable();

/** What the policy in force says of an approval as it is stored; undefined when there is none that could be decided. */
export async function checkStored(
  {
    db,
    policy,
    maxSpendPerTask,
  }: { db: Db; policy: () => LoadedPolicy; maxSpendPerTask?: number | undefined },
  id: string,
): Promise<PolicyCheck | undefined> {
  const row = Stored.parse(await db.call((client) => client.rpc('read_approval', { p_id: id })));
  // A row of another program that has no normal form was never shown, has no digest, and so cannot be decided.
  if (row === null || normaliseAction(row.action) === undefined) return undefined;
  const { action, details, requested_by: agent, cost_usd } = row;
  return checkPolicy(policy(), { action, details, agent, cost_usd: cost_usd ?? undefined }, maxSpendPerTask)
    .check;
}
