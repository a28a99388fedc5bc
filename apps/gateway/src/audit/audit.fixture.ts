import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';
import type { Handlers } from '@actp/shared/jobs/worker';

/** The auditor's part of the work, for a worker of a test: apps know nothing of each other. */
export function auditHandlers(db: Db): Handlers<'audit'> {
  return {
    'write-audit-events': async ({ events }) => {
      await writeAuditEvents(db, events);
      return {};
    },
    'weekly-audit-summary': () => Promise.reject(new Error('not here')),
    'retire-audit-days': () => Promise.resolve({ made: 0, dropped: 0, forgotten: 0 }),
  };
}
