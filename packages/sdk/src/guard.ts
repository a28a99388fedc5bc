import type { Approval } from './approval.ts';
import { askGuard, type GuardAskOptions } from './ask-guard.ts';
import type { Calls } from './calls.ts';
import type { Decision } from './decision.ts';
import { ActpUnavailable, FailedBeforeEffect, PolicyDenied } from './errors.ts';
import type { Settings } from './options.ts';
import { redeem } from './redeem.ts';
import { begunBefore } from './refusal.ts';
import { reportQuietly, type Reported } from './report.ts';
import { snapshotOf } from './request-approval.ts';
import { untilApproved, type RequireOptions } from './require-approval.ts';

/** What the action gets: the right to run, once. */
export interface Permit<D extends object> {
  /** Absent when the policy allows it without one. */
  approval: Approval | undefined;
  /** Unique to this one run: a good idempotency key for whatever the action calls. */
  grantId: string;
  /** What was asked about, and what the person saw: act on this and on nothing else. */
  details: D;
  signal: AbortSignal | undefined;
}

export interface GuardOptions<T> extends RequireOptions, GuardAskOptions {
  /** What the record keeps of the result of something approved (JSON up to 64 KiB); by default nothing. */
  resultToReport?: ((result: T) => unknown) | undefined;
}

interface GuardDeps {
  calls: Calls;
  settings: Settings;
}

const longestErrorText = 1_000;

/** Asks the policy; where it wants a person, waits and redeems; runs, reports. Gives what `run` gives; throws what it throws. */
export async function guard<D extends object, T>(
  deps: GuardDeps,
  action: string,
  details: D,
  run: (permit: Permit<D>) => T | Promise<T>,
  options: GuardOptions<T>,
): Promise<T> {
  const { signal, cancelOnAbort = false } = options;
  const shown = snapshotOf(details);
  signal?.throwIfAborted();
  const decision = await askGuard(
    { calls: deps.calls, agentId: deps.settings.agentId },
    action,
    shown,
    // What may have to be taken back must have an id first, and whether work was begun must be known.
    cancelOnAbort || options.workId !== undefined ? { ...options, signal: undefined } : options,
  );
  const granted = await grantFor(deps.calls, decision, { action, details: shown }, options);
  return runOnce(deps.settings, granted, shown, run, options);
}

/** The right to run, once. @throws PolicyDenied, an ApprovalError of some kind */
async function grantFor(
  calls: Calls,
  decision: Decision,
  payload: { action: string; details: object },
  options: RequireOptions,
): Promise<Reported> {
  const { effect, rule, reasons, repeated, approval } = decision;
  if (effect === 'deny') {
    const why = reasons.map(({ detail }) => detail).join('; ');
    throw new PolicyDenied(`the policy denies it (${rule})${why === '' ? '' : `: ${why}`}`, {
      rule,
      reasons,
    });
  }
  if (repeated) throw begunBefore(repeated.outcome, undefined);
  if (effect === 'allow') {
    const { grantId } = decision;
    return {
      approval: undefined,
      grantId: grantId ?? globalThis.crypto.randomUUID(),
      // What is counted nowhere has no outcome to report; the plane takes no result of what it allowed.
      send: async ({ status, before_effect }) => {
        if (grantId === undefined) return;
        await calls.reportGrant(grantId, { status, ...(before_effect && { before_effect }) }, undefined);
      },
    };
  }
  if (approval === undefined) throw new ActpUnavailable('the response has no approval');
  const approved = await untilApproved(calls, approval, options);
  // Not abortable: whether it was used must be known. It ends in bounded time all the same.
  const { grant_id: grantId } = await redeem(calls, approved.id, payload, undefined);
  return { approval: approved, grantId, send: (report) => calls.report(approved.id, report, undefined) };
}

async function runOnce<D extends object, T>(
  settings: Settings,
  granted: Reported,
  details: D,
  run: (permit: Permit<D>) => T | Promise<T>,
  { signal, resultToReport }: GuardOptions<T>,
): Promise<T> {
  const { approval, grantId } = granted;
  let begun = false;
  let result: T;
  try {
    signal?.throwIfAborted();
    begun = true;
    result = await run({ approval, grantId, details, signal });
  } catch (error) {
    const noEffect = !begun || error instanceof FailedBeforeEffect;
    const ended = { status: 'failed' as const, ...(noEffect ? { before_effect: true as const } : {}) };
    await reportQuietly(settings, granted, ended, () => ({ error: textOf(error, settings.secret) }));
    throw error;
  }
  await reportQuietly(settings, granted, { status: 'succeeded' }, () => resultToReport?.(result));
  return result;
}

function textOf(error: unknown, secret: string): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(secret, '[secret]').slice(0, longestErrorText);
}
