import { AuditSummary } from '@actp/db/audit/summary';
import type { Db } from '@actp/db/client';

/** Counts what the audit log holds from `since` up to, and without, `until`. */
export async function summarizeAudit(db: Db, since: string, until: string): Promise<AuditSummary> {
  return AuditSummary.parse(
    await db.call((client) => client.rpc('audit_summary', { p_since: since, p_until: until })),
  );
}
