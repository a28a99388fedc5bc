import { randomUUID } from 'node:crypto';
import type { Decision } from '@actp/policy/decide';
import type { ScreenedText } from '@actp/policy/screening';
import type { AuditRow } from '@actp/shared/audit/event';

/** All that is known of a decision when it is kept. */
export interface DecisionFacts {
  decision: Decision;
  action: string;
  details: object;
  cost_usd: number | undefined;
  text: ScreenedText | undefined;
  policyVersion: string;
  approvalId: string | undefined;
  /** Of an allow that limits count. */
  grantId: string | undefined;
  /** Set when the same work was allowed before. */
  repeated?: object;
  agent: string;
  origin: { ip_address: string; user_agent: string; request_id: string };
  startedAt: string;
}

// Larger details are in the log by their size only; an event may measure 64 KiB.
const maxDetailsBytes = 16_384;

/** What a decision leaves in the audit log: `guard.decide`, and security events beside it: for a denial, for suspicious text. */
export function decisionEvents(decided: DecisionFacts): AuditRow[] {
  const { decision, action, approvalId, agent, origin, startedAt, text } = decided;
  const denied = decision.effect === 'deny';
  const common = {
    agent_id: agent,
    status: denied ? 'denied' : 'ok',
    started_at: startedAt,
    completed_at: new Date().toISOString(),
    ...origin,
    source: 'plane' as const,
  };
  const event: AuditRow = {
    ...common,
    event_id: randomUUID(),
    action_type: 'guard.decide',
    result: {
      action,
      ...decision,
      ...(decided.cost_usd === undefined ? {} : { cost_usd: decided.cost_usd }),
      ...(text === undefined ? {} : { text: { ...text } }),
      ...keptDetails(decided.details),
      policy_version: decided.policyVersion,
      ...(decided.grantId === undefined ? {} : { grant_id: decided.grantId }),
      ...(decided.repeated === undefined ? {} : { repeated: true }),
    },
    ...(approvalId === undefined ? {} : { approval_id: approvalId }),
  };
  const { rule, reasons } = decision;
  const beside = (action_type: string, result: Record<string, unknown>): AuditRow => ({
    ...common,
    event_id: randomUUID(),
    action_type,
    result: { action, rule, decision: event.event_id, ...result },
  });
  const found = reasons.filter(({ code }) => code.startsWith('injection.'));
  return [
    event,
    ...(denied ? [beside('security.policy_violation', { reasons })] : []),
    ...(found.length > 0 && text
      ? [beside('security.suspicious_text', { reasons: found, source: text.source, score: text.score })]
      : []),
  ];
}

function keptDetails(details: object): { details: object } | { details_bytes: number } {
  const bytes = Buffer.byteLength(JSON.stringify(details));
  return bytes <= maxDetailsBytes ? { details } : { details_bytes: bytes };
}
