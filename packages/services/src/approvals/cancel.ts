import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';

/** Cancels a pending approval. @throws AppError `not_found`, `conflict`, `gone` */
export async function cancelApproval(
  deps: ApprovalDeps,
  id: string,
  context: RequestContext,
): Promise<Approval> {
  const returned = await deps.db.call((client) =>
    client.rpc('cancel_approval', { p_id: id, p_context: auditContext(context) }),
  );
  return settledApproval(deps, returned);
}
