import { randomUUID } from 'node:crypto';
import type { Decision } from '@actp/policy/decide';
import type { AuditRow } from '@actp/shared/audit/event';

export interface Decided {
  decision: Decision;
  action: string;
  details: object;
  cost_usd: number | undefined;
  policyVersion: string;
  approvalId: string | undefined;
  /** Of an allow that limits count. */
  grantId: string | undefined;
  agent: string;
  origin: { ip_address: string; user_agent: string; request_id: string };
  startedAt: string;
}

// Larger details are in the log by their size only; an event may measure 64 KiB.
const maxDetailsBytes = 16_384;

/** What a decision leaves in the audit log: `guard.decide`, and for a denial a security event beside it. */
export function decisionEvents(decided: Decided): AuditRow[] {
  const { decision, action, approvalId, agent, origin, startedAt } = decided;
  const denied = decision.effect === 'deny';
  const common = {
    agent_id: agent,
    status: denied ? 'denied' : 'ok',
    started_at: startedAt,
    completed_at: new Date().toISOString(),
    ...origin,
  };
  const event: AuditRow = {
    ...common,
    event_id: randomUUID(),
    action_type: 'guard.decide',
    result: {
      action,
      ...decision,
      ...(decided.cost_usd === undefined ? {} : { cost_usd: decided.cost_usd }),
      ...keptDetails(decided.details),
      policy_version: decided.policyVersion,
      ...(decided.grantId === undefined ? {} : { grant_id: decided.grantId }),
    },
    ...(approvalId === undefined ? {} : { approval_id: approvalId }),
  };
  if (!denied) return [event];
  const { rule, reasons } = decision;
  return [
    event,
    {
      ...common,
      event_id: randomUUID(),
      action_type: 'security.policy_violation',
      result: { action, rule, reasons, decision: event.event_id },
    },
  ];
}

function keptDetails(details: object): { details: object } | { details_bytes: number } {
  const bytes = Buffer.byteLength(JSON.stringify(details));
  return bytes <= maxDetailsBytes ? { details } : { details_bytes: bytes };
}
