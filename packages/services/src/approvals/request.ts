import type { Json } from '@actp/db/database-types';
import { normaliseAction } from '@actp/policy/action-name';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { approvalRule } from '@actp/policy/policy';
import { actionDigest, payloadDigest, type ApprovalPayload } from '@actp/shared/approvals/digest';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import { storedKey } from '../idempotency-key.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';

export interface ApprovalRequest extends ApprovalPayload {
  requested_by: string;
  reason: string | null;
  ttl_seconds: number;
  chat_id: string | null;
  callback_url: string | null;
  idempotency: { key: string; bodyDigest: string } | null;
}

export interface RequestApprovalDeps extends ApprovalDeps {
  /** The policy in force and its version. */
  policy: () => LoadedPolicy;
  grantSeconds: number;
}

/**
 * Asks a person for permission. The policy says how many must agree.
 *
 * @throws AppError `validation_failed`, `kill_switch`, `idempotency_mismatch`
 */
export async function requestApproval(
  deps: RequestApprovalDeps,
  given: ApprovalRequest,
  context: RequestContext,
): Promise<Approval> {
  // Before any digest is made of it: what was asked, who asked and why are read elsewhere; only details stay as they are.
  const request = {
    ...given,
    requested_by: cleanText(given.requested_by, 128),
    reason: given.reason === null ? null : cleanText(given.reason, 2_000),
  };
  const { policy, version: policy_version } = deps.policy();
  const normal = normaliseAction(request.action);
  if (normal === undefined) throw new AppError('validation_failed', 'the action cannot be normalised');
  const { idempotency, ...payload } = request;
  const returned = await deps.db.call((client) =>
    client.rpc('request_approval', {
      p_request: {
        ...payload,
        ...approvalRule(policy, normal),
        details: request.details as Json,
        grant_seconds: deps.grantSeconds,
        policy_version,
        action_digest: actionDigest({ ...request, policy_version }),
        payload_digest: payloadDigest(request),
        idempotency_key: idempotency === null ? null : storedKey(idempotency.key),
        request_digest: idempotency?.bodyDigest ?? null,
      },
      p_context: auditContext(context),
    }),
  );
  return settledApproval(deps, returned);
}
