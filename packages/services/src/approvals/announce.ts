import type { Logger } from '@actp/shared/log';
import type { Producer } from '@actp/shared/jobs/producer';
import type { ApprovalHub } from './hub.ts';
import type { Approval } from './approval-schema.ts';

/**
 * Announces, in the background, that an approval changed: to those who wait for it or show it, and to housekeeping, which sends
 * webhooks. All of them also find out by themselves (the hub polls, the others sweep), so nothing here may fail a request.
 */
export function createApprovalAnnouncer(deps: {
  hub: Pick<ApprovalHub, 'announce'>;
  producer: Producer;
  log: Logger;
}): (approval: Approval) => void {
  return ({ id, version }) => {
    deps.hub.announce(id);
    deps.producer
      .add('sync-approval', { approval_id: id }, { jobId: `approval-${id}-${version}` })
      .catch((error: unknown) =>
        deps.log.warn(
          { err: error, approval_id: id },
          'approval hint not queued, the next sweep finds the change',
        ),
      );
  };
}
