import type { Logger } from '@actp/shared/log';
import { adoptApprovals, type AdoptDeps } from './adopt.ts';
import type { ChangeSignal } from './change-signal.ts';
import { createOutageLog } from './outage-log.ts';

/**
 * One turn of what keeps approvals right without any queue: what time has ended is written down and told, what others
 * inserted is taken up, what is due about cards and callbacks is done. Also without Telegram.
 */
export function createSweep(deps: AdoptDeps & { signal: ChangeSignal; log: Logger }): () => Promise<void> {
  const { register, signal, log } = deps;
  const outage = createOutageLog(log, 'approvals could not be swept');
  return async () => {
    try {
      for (const id of await register.expire()) signal.changed(id);
      for (const id of await adoptApprovals(deps)) signal.changed(id);
      outage.fine();
    } catch (error) {
      outage.failed(error);
    }
    signal.look();
  };
}
