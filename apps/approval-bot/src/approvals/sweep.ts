import type { Logger } from '@actp/shared/log';
import { expireApprovals } from '@actp/services/approvals/expire';
import { importApprovals, type ImportDeps } from '@actp/services/approvals/import';
import type { ChangeSignal } from './change-signal.ts';
import { createOutageLog } from '@actp/shared/outage-log';

/**
 * One turn of what keeps approvals right without any queue: what the clock has ended is recorded and announced, what other
 * programs inserted is imported, cards and webhooks that are due are sent. Also without Telegram.
 */
export function createSweep(deps: ImportDeps & { signal: ChangeSignal; log: Logger }): () => Promise<void> {
  const { db, signal, log } = deps;
  const outage = createOutageLog(log, 'approval sweep failed');
  return async () => {
    try {
      for (const id of await expireApprovals(db)) signal.changed(id);
      for (const id of await importApprovals(deps)) signal.changed(id);
      outage.succeeded();
    } catch (error) {
      outage.failed(error);
    }
    signal.wakeAll();
  };
}
