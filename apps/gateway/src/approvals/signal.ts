import type { Logger } from '@actp/shared/log';
import type { Producer } from '@actp/shared/jobs/producer';
import type { ApprovalHub } from './hub.ts';
import type { Approval } from './wire.ts';

/**
 * Tells the world, in the background, that an approval changed: those who wait, and the bot that shows it. Both have
 * another way to learn of it (the hub's poll, the bot's reconciler), so nothing here may fail a request.
 */
export function createApprovalSignal(deps: {
  hub: ApprovalHub;
  producer: Producer;
  log: Logger;
}): (approval: Approval) => void {
  return ({ id, version }) => {
    deps.hub.announce(id);
    deps.producer
      .add('sync-approval', { approval_id: id }, { jobId: `approval-${id}-${version}` })
      .catch((error: unknown) =>
        deps.log.warn({ err: error, approval_id: id }, 'the bot will find it by itself'),
      );
  };
}
