import type { ApprovalHub } from './hub.ts';
import type { ApprovalService } from './service.ts';
import type { Approval } from './wire.ts';

/**
 * Reads an approval as soon as it satisfies the caller, or as it is when the time is over.
 *
 * @param forMs how long to wait at most; 0 reads once
 * @param satisfied for instance "no longer pending"
 * @param signal the caller went away
 */
export async function waitForApproval(
  deps: { approvals: ApprovalService; hub: ApprovalHub },
  id: string,
  forMs: number,
  satisfied: (approval: Approval) => boolean,
  signal: AbortSignal,
): Promise<Approval> {
  const deadline = performance.now() + forMs;
  let approval = await deps.approvals.read(id);
  while (!satisfied(approval)) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    const change = await nextChange(deps, approval, left, signal);
    if (!change) break;
    approval = change;
  }
  return approval;
}

/**
 * Waits until an approval is newer than the one at hand.
 *
 * @returns it, or undefined when time is over, the caller went away or this process stops
 */
export async function nextChange(
  { approvals, hub }: { approvals: ApprovalService; hub: ApprovalHub },
  { id, version, status }: Pick<Approval, 'id' | 'version' | 'status'>,
  forMs: number,
  signal: AbortSignal,
): Promise<Approval | undefined> {
  const over = AbortSignal.any([signal, hub.closing, AbortSignal.timeout(Math.ceil(forMs))]);
  while (!over.aborted) {
    let changed: () => void = () => undefined;
    const word = new Promise<void>((resolve) => {
      changed = resolve;
    });
    // The watch stands before the look, so that nothing falls in between.
    const unwatch = hub.watch(id, version, changed);
    over.addEventListener('abort', changed, { once: true });
    try {
      const now = await approvals.read(id);
      // An expiry shows before it is written down, and then has no version of its own yet.
      if (now.version > version || now.status !== status) return now;
      await word;
    } finally {
      unwatch();
      over.removeEventListener('abort', changed);
    }
  }
  return undefined;
}
