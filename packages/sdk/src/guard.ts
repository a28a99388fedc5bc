import type { Approval } from './approval.ts';
import { snapshotOf } from './request-approval.ts';
import type { Calls } from './calls.ts';
import { FailedBeforeEffect } from './errors.ts';
import type { Settings } from './options.ts';
import { redeem } from './redeem.ts';
import { reportQuietly } from './report.ts';
import { requireApproval, type RequireOptions } from './require-approval.ts';

/** What the action gets: the right to run, once. */
export interface Permit<D extends object> {
  approval: Approval;
  /** Unique to this one run: a good idempotency key for whatever the action calls. */
  grantId: string;
  /** What the person saw: act on this and on nothing else. */
  details: D;
  signal: AbortSignal | undefined;
}

export interface GuardOptions<T> extends RequireOptions {
  /** What the record keeps of the result (JSON up to 64 KiB); by default nothing. */
  resultToReport?: ((result: T) => unknown) | undefined;
}

const longestErrorText = 1_000;

/** Asks, waits, redeems, runs, reports. Gives what `run` gives; throws what it throws. */
export async function guard<D extends object, T>(
  deps: { calls: Calls; settings: Settings },
  action: string,
  details: D,
  run: (permit: Permit<D>) => T | Promise<T>,
  options: GuardOptions<T>,
): Promise<T> {
  const { calls, settings } = deps;
  const { signal, resultToReport } = options;
  const shown = snapshotOf(details);
  const approval = await requireApproval({ calls, agentId: settings.agentId }, action, shown, options);
  // Not abortable: whether it was used must be known. It ends in bounded time all the same.
  const { grant_id: grantId } = await redeem(calls, approval.id, { action, details: shown }, undefined);

  let begun = false;
  let result: T;
  try {
    signal?.throwIfAborted();
    begun = true;
    result = await run({ approval, grantId, details: shown, signal });
  } catch (error) {
    const noEffect = !begun || error instanceof FailedBeforeEffect;
    const ended = { status: 'failed' as const, ...(noEffect ? { before_effect: true as const } : {}) };
    await reportQuietly(deps, approval, ended, () => ({ error: textOf(error, settings.secret) }));
    throw error;
  }
  await reportQuietly(deps, approval, { status: 'succeeded' }, () => resultToReport?.(result));
  return result;
}

function textOf(error: unknown, secret: string): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(secret, '[secret]').slice(0, longestErrorText);
}
