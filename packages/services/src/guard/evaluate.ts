import { assertActionAllowed } from '../agents/assert-action.ts';
import type { Approval } from '../approvals/approval-schema.ts';
import { requestApproval, type ApprovalRequest, type RequestApprovalDeps } from '../approvals/request.ts';
import type { Work } from '../limits/claim.ts';
import { evaluatePolicy, type Decision } from '@actp/policy/decide';
import type { Source } from '@actp/screening/screen';
import { auditOrigin, type RequestContext } from '../request-context.ts';
import {
  applySwitchesAndLimits,
  recordDecision,
  type DecisionDeps,
  type GrantedDecision,
} from './record-decision.ts';
import { screenText } from './screen-text.ts';

export interface GuardRequest {
  action: string;
  details: Record<string, unknown>;
  cost_usd: number | undefined;
  /** What led to the request: screened for injected instructions and commands. */
  text: string | undefined;
  text_source: Source | undefined;
  /** Makes an approval when the decision needs one; as for `requestApproval`. */
  approval: RequestedApproval | undefined;
  /** Work that is allowed once. */
  work: Work | undefined;
}

/** What an approval that the guard makes is to be; what is left out is as for `requestApproval`. */
export type RequestedApproval = Pick<ApprovalRequest, 'idempotency'> &
  Partial<Pick<ApprovalRequest, 'requested_by' | 'reason' | 'ttl_seconds' | 'chat_id' | 'callback_url'>>;

export interface GuardDeps extends RequestApprovalDeps, DecisionDeps {
  /** USD. */
  maxSpendPerTask: number;
  approvalTtlSeconds: number;
  /** Counts decisions by effect, for metrics. */
  countDecision: (effect: Decision['effect']) => void;
}

/**
 * Decides whether an action may be done: by the policy, the kill switches and the limits. Returns when the decision is kept for
 * the audit log. Work that has a key is allowed once: later calls say that it is repeated.
 *
 * @returns the decision, the grant of an allow that is counted or given once, and the approval that was asked for
 * @throws AppError `action_not_allowed`; `unavailable`: then nothing is allowed
 */
export async function evaluateGuard(
  deps: GuardDeps,
  request: GuardRequest,
  context: RequestContext,
): Promise<GrantedDecision & { approval: Approval | undefined }> {
  const startedAt = new Date().toISOString();
  const { action, details, cost_usd } = request;
  assertActionAllowed(context.actor, action);
  const agent = context.actor.id;
  const { version, ...rules } = deps.policy();
  const text = screenText(request.text, request.text_source);
  const evaluated = evaluatePolicy(
    { ...rules, maxSpendPerTask: deps.maxSpendPerTask },
    { action, details, agent, cost_usd, text },
  );
  const granted = await applySwitchesAndLimits(deps, evaluated, { action, agent }, request.work);
  const approval =
    request.approval !== undefined && granted.decision.effect === 'require_approval'
      ? await requestApproval(
          deps,
          {
            requested_by: agent,
            reason: null,
            ttl_seconds: deps.approvalTtlSeconds,
            chat_id: null,
            callback_url: null,
            ...request.approval,
            action,
            details,
            cost_usd,
          },
          context,
        )
      : undefined;
  const facts = {
    action,
    details,
    cost_usd,
    text,
    agent,
    policyVersion: version,
    approvalId: approval?.id,
    origin: auditOrigin(context),
    startedAt,
  };
  const recorded = await recordDecision(deps, facts, granted, context);
  deps.countDecision(recorded.decision.effect);
  return { ...recorded, approval };
}
