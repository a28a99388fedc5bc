import type { ApprovalHub } from './hub.ts';
import type { Approval } from './approval-schema.ts';

/**
 * Reads an approval as soon as it satisfies the caller, or as it is when the time is over.
 *
 * @param forMs how long to wait at most; 0 reads once
 * @param satisfied for instance "no longer pending"
 * @param gone the caller went away
 */
export async function waitForApproval(
  hub: ApprovalHub,
  id: string,
  forMs: number,
  satisfied: (approval: Approval) => boolean,
  gone: AbortSignal,
): Promise<Approval> {
  const over = AbortSignal.any([gone, hub.closing, AbortSignal.timeout(forMs)]);
  const follower = hub.follow(id);
  try {
    for (;;) {
      const approval = await follower.look();
      if (forMs === 0 || satisfied(approval) || !(await follower.changed(over))) return approval;
    }
  } finally {
    follower.end();
  }
}
