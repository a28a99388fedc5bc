import type { Db } from '@actp/db/client';
import { approvalChannel } from '@actp/shared/approvals/channel';
import type { Logger } from '@actp/shared/log';
import type { RedisTarget } from '@actp/shared/redis';
import { createChangeHub, type ChangeHub } from '../changes/hub.ts';
import type { Approval } from './approval-schema.ts';
import { readApproval } from './read.ts';

export type ApprovalHub = ChangeHub<Approval>;

/** Who waits for which approval in this process. */
export function createApprovalHub(deps: { db: Db; redis: RedisTarget; log: Logger }): ApprovalHub {
  const { db } = deps;
  return createChangeHub<Approval>({
    ...deps,
    channel: approvalChannel,
    read: (id) => readApproval(db, id),
    versions: async (ids) =>
      (await db.call((client) => client.rpc('approval_versions', { p_ids: ids }))) as Record<string, number>,
    // An expiry shows before it is written down: it has been seen, and its version comes later.
    seen: ({ status, version }, before) =>
      status === 'expired' && version === before ? version + 1 : version,
  });
}
