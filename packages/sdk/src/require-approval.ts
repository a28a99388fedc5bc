import type { Approval } from './approval.ts';
import { askForApproval, type AskOptions } from './request-approval.ts';
import type { Calls } from './calls.ts';
import { refusalOf } from './refusal.ts';
import { delay } from './time-limit.ts';

export interface RequireOptions extends AskOptions {
  /** Told once, when a person has yet to decide: the moment to say where. */
  onPending?: ((approval: Approval) => void) | undefined;
  /** Takes the question back when the signal is aborted; otherwise it stays, and the same work finds it again. */
  cancelOnAbort?: boolean | undefined;
}

// A plane (or a proxy) that answers "pending" at once instead of waiting is not asked more often than this.
const askAgainMs = 1_000;

/**
 * Asks and waits until a person has decided.
 *
 * @returns the approved, unused approval
 * @throws ApprovalError of some kind when it does not allow acting; ActpUnavailable when the plane stays away
 */
export async function requireApproval(
  deps: { calls: Calls; agentId: string },
  action: string,
  details: object,
  options: RequireOptions,
): Promise<Approval> {
  const { signal, cancelOnAbort = false } = options;
  signal?.throwIfAborted();
  // What may have to be taken back must have an id first.
  const asked = await askForApproval(
    deps,
    action,
    details,
    cancelOnAbort ? { ...options, signal: undefined } : options,
  );
  return untilApproved(deps.calls, asked, options);
}

/**
 * Waits until a person has decided about an approval that was asked for.
 *
 * @returns the approved, unused approval
 * @throws as `requireApproval`
 */
export async function untilApproved(
  calls: Calls,
  asked: Approval,
  { signal, cancelOnAbort = false, onPending }: RequireOptions,
): Promise<Approval> {
  let approval = asked;
  if (approval.status === 'pending') {
    onPending?.(approval);
    try {
      approval = await decided(calls, approval.id, signal);
    } catch (error) {
      // Whatever became of the cancelling (somebody may just have decided), nothing is redeemed.
      if (cancelOnAbort && signal?.aborted === true)
        await calls.cancel(approval.id, undefined).catch(() => undefined);
      throw error;
    }
  }
  const refusal = refusalOf(approval);
  if (refusal) throw refusal;
  return approval;
}

async function decided(calls: Calls, id: string, signal: AbortSignal | undefined): Promise<Approval> {
  for (;;) {
    signal?.throwIfAborted();
    const asked = performance.now();
    const approval = await calls.wait(id, signal);
    if (approval.status !== 'pending') return approval;
    const early = askAgainMs - (performance.now() - asked);
    if (early > 0) await delay(early, signal);
  }
}
