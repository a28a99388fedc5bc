import type { Db } from '@actp/db/client';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import { decisionEvents } from '@actp/services/guard/decision-events';

/** Leaves an allowed guard request in the audit log, as the guard records it. */
export async function writeDecision(db: Db, action: string, details: object): Promise<void> {
  const rows = decisionEvents({
    decision: { effect: 'allow', rule: 'defaults.effect', reasons: [] },
    action,
    details,
    cost_usd: undefined,
    text: undefined,
    policyVersion: '0'.repeat(16),
    approvalId: undefined,
    grantId: undefined,
    agent: 'worker',
    origin: { ip_address: '127.0.0.1', user_agent: 'test', request_id: 'request' },
    startedAt: new Date().toISOString(),
  });
  await writeAuditEvents(db, rows);
}
