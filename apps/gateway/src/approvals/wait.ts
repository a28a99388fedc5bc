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
  signal?: AbortSignal,
): Promise<Approval> {
  const deadline = performance.now() + forMs;
  let approval = await deps.approvals.read(id);
  while (!satisfied(approval) && performance.now() < deadline && signal?.aborted !== true) {
    const seen = approval.version;
    const changed = await nextChange(deps.hub, id, seen, deadline - performance.now(), signal, async () => {
      approval = await deps.approvals.read(id);
      return satisfied(approval) || approval.version > seen;
    });
    if (!changed) break;
    approval = await deps.approvals.read(id);
  }
  return approval;
}

/**
 * Resolves true when the approval may have changed, false when time is over or the caller went away.
 *
 * @param look asked once after the watch stands: a change between the caller's read and the watch must not be missed
 */
export async function nextChange(
  hub: ApprovalHub,
  id: string,
  version: number,
  forMs: number,
  signal: AbortSignal | undefined,
  look: () => Promise<boolean>,
): Promise<boolean> {
  let finish: (changed: boolean) => void = () => undefined;
  const changed = new Promise<boolean>((resolve) => {
    finish = resolve;
  });
  const unwatch = hub.watch(id, version, () => finish(true));
  const timer = setTimeout(() => finish(false), Math.max(0, forMs));
  const gone = () => finish(false);
  signal?.addEventListener('abort', gone, { once: true });
  try {
    if (await look()) return true;
    return await changed;
  } finally {
    unwatch();
    clearTimeout(timer);
    signal?.removeEventListener('abort', gone);
  }
}
