import type { Json } from '@actp/db/database-types';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { actionDigest, payloadDigest, type ApprovalPayload } from '@actp/shared/approvals/digest';
import { cleanText } from '@actp/shared/audit/clean-text';
import { assertActionAllowed } from '../agents/assert-action.ts';
import { storedKey } from '../idempotency-key.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { Approval } from './approval-schema.ts';
import { settledApproval, type ApprovalDeps } from './apply-result.ts';
import { keyOrder } from './key-order.ts';
import { asJson, checkPolicy, withDenial } from './policy-check.ts';

export interface ApprovalRequest extends ApprovalPayload {
  requested_by: string;
  reason: string | null;
  ttl_seconds: number;
  chat_id: string | null;
  callback_url: string | null;
  /** What the guard was told; limits and conditions read it again when the approval is redeemed. */
  cost_usd?: number | undefined;
  /** `earlierBodyDigest`: the digest that a former release made of the same body. */
  idempotency: { key: string; bodyDigest: string; earlierBodyDigest?: string } | null;
}

export interface RequestApprovalDeps extends ApprovalDeps {
  /** The policy in force and its version. */
  policy: () => LoadedPolicy;
  grantSeconds: number;
}

/**
 * Asks a person for permission. The policy says how many must agree; nobody is asked for what it denies.
 *
 * @throws AppError `validation_failed`, `action_not_allowed`, `policy_denied`, `kill_switch`, `idempotency_mismatch`; `conflict` when the guard has
 *   allowed this work before, under the same key
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
  const { action, details, cost_usd } = request;
  assertActionAllowed(context.actor, action);
  const { check } = checkPolicy(deps.policy(), { action, details, cost_usd, agent: context.actor.id });
  const { version: policy_version, denied, critical, approvers } = check;
  const { idempotency, ...payload } = request;
  const returned = await deps.db.call((client) =>
    client.rpc('request_approval', {
      p_request: {
        ...payload,
        critical,
        approvers,
        denied: denied && asJson(denied),
        details: request.details as Json,
        details_order: keyOrder(request.details),
        cost_usd: cost_usd ?? null,
        grant_seconds: deps.grantSeconds,
        policy_version,
        action_digest: actionDigest({ ...request, policy_version }),
        payload_digest: payloadDigest(request),
        idempotency_key: idempotency === null ? null : storedKey(idempotency.key),
        request_digest: idempotency?.bodyDigest ?? null,
        earlier_request_digest: idempotency?.earlierBodyDigest ?? null,
      },
      p_context: auditContext(context),
    }),
  );
  try {
    return settledApproval(deps, returned);
  } catch (error) {
    throw withDenial(error, check);
  }
}
