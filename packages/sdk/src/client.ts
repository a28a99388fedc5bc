import type { Approval, Grant } from './approval.ts';
import { assertArgument, assertDetails, assertOptions, type PublicFunction } from './arguments.ts';
import { askForApproval, snapshotOf, type AskOptions } from './request-approval.ts';
import { createCalls } from './calls.ts';
import { guard, type GuardOptions, type Permit } from './guard.ts';
import { readOptions, type ClientOptions } from './options.ts';
import { redeem } from './redeem.ts';
import { usedOf } from './refusal.ts';
import type { Report } from './outcome.ts';
import { requireApproval, type RequireOptions } from './require-approval.ts';
import { createSend } from './send.ts';

interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Every method throws a TypeError, before anything is asked, for an option that it does not have and an argument of another type. */
export interface ActpClient {
  /**
   * Asks a person, whatever the policy would allow: gives the approval's id, and the same one again for the same work (see `workId`).
   *
   * @throws OutcomeUnknown, WorkFinished when the permission for this work was used before: it must not look like a yes
   */
  requestApproval(
    action: string,
    details: object,
    chatId?: string,
    options?: Omit<AskOptions, 'chatId'>,
  ): Promise<string>;
  /**
   * What became of it. Taken back counts as `rejected`, a yes that was not used in time as `expired`. `approved` alone is
   * no right to act: that is what `redeem` gives, once.
   */
  checkApproval(id: string, options?: CallOptions): Promise<'pending' | 'approved' | 'rejected' | 'expired'>;
  /** The whole approval. */
  getApproval(id: string, options?: CallOptions): Promise<Approval>;
  /**
   * Asks a person and waits for the decision, through restarts of the plane. Redeem what it gives before acting.
   *
   * @throws ApprovalRejected, ApprovalExpired, ApprovalCancelled; OutcomeUnknown, WorkFinished when it was used before
   */
  requireApproval(action: string, details: object, options?: RequireOptions): Promise<Approval>;
  /**
   * Asks the policy first: what it allows runs, what it denies throws PolicyDenied. Where it wants a person, waits, redeems, runs.
   * `run` runs at most once; how it ended is reported. Gives what `run` gives and throws what it throws. Give a `workId` where
   * the same work may come again, after a crash for instance: it never runs twice. An outcome that cannot be reported goes to
   * `onReportFailure`; the result is given all the same.
   *
   * @throws PolicyDenied, and what `requireApproval` throws
   */
  guard<D extends object, T>(
    action: string,
    details: D,
    run: (permit: Permit<D>) => T | Promise<T>,
    options?: GuardOptions<T>,
  ): Promise<T>;
  /**
   * Uses the permission: act now, once.
   *
   * @throws OutcomeUnknown, WorkFinished when it was used before; ActpError `digest_mismatch` when this was not approved
   */
  redeem(id: string, action: string, details: object, options?: CallOptions): Promise<Grant>;
  /**
   * Reports what became of it; `result` is JSON up to 64 KiB. The same report again is the same answer. `beforeEffect`, with
   * `failed`: it had no effect at all; what it counted against limits is given back when an operator confirms it.
   */
  reportOutcome(
    id: string,
    status: Report['status'],
    result?: unknown,
    options?: CallOptions & { beforeEffect?: boolean | undefined },
  ): Promise<Approval>;
  /** Takes the question back. @throws ActpError `conflict` when it was decided before, `gone` when it has expired */
  cancel(id: string, options?: CallOptions): Promise<Approval>;
}

/**
 * An agent's way to the plane. Fails closed: whatever goes wrong, no method gives a yes.
 *
 * @throws TypeError for an option that it does not have; ActpError `invalid_argument` when one cannot be used
 */
export function createClient(options: ClientOptions): ActpClient {
  assertOptions('createClient', options);
  const settings = readOptions(options);
  const calls = createCalls(settings, createSend(settings));
  const deps = { calls, settings, agentId: settings.agentId };
  return {
    async requestApproval(action, details, chatId, askOptions = {}) {
      assertAsked('requestApproval', action, details, askOptions);
      if (chatId !== undefined) assertArgument('requestApproval', 'chatId', 'string', chatId);
      const approval = await askForApproval(deps, action, snapshotOf(details), { ...askOptions, chatId });
      const used = usedOf(approval);
      if (used) throw used;
      return approval.id;
    },
    async checkApproval(id, callOptions = {}) {
      assertOptions('checkApproval', callOptions);
      const { status, lapsed_at } = await calls.read(id, callOptions.signal);
      if (status === 'cancelled') return 'rejected';
      return status === 'approved' && lapsed_at !== null ? 'expired' : status;
    },
    async getApproval(id, callOptions = {}) {
      assertOptions('getApproval', callOptions);
      return calls.read(id, callOptions.signal);
    },
    async requireApproval(action, details, requireOptions = {}) {
      assertAsked('requireApproval', action, details, requireOptions);
      return requireApproval(deps, action, snapshotOf(details), requireOptions);
    },
    async guard(action, details, run, guardOptions = {}) {
      assertAsked('guard', action, details, guardOptions);
      assertArgument('guard', 'run', 'function', run);
      return guard(deps, action, details, run, guardOptions);
    },
    async redeem(id, action, details, callOptions = {}) {
      assertAsked('redeem', action, details, callOptions);
      return redeem(calls, id, { action, details: snapshotOf(details) }, callOptions.signal);
    },
    async reportOutcome(id, status, result, reportOptions = {}) {
      assertArgument('reportOutcome', 'status', 'string', status);
      assertOptions('reportOutcome', reportOptions);
      const { signal, beforeEffect } = reportOptions;
      return calls.report(
        id,
        { status, ...(beforeEffect === true ? { before_effect: true } : {}), result },
        signal,
      );
    },
    async cancel(id, callOptions = {}) {
      assertOptions('cancel', callOptions);
      return calls.cancel(id, callOptions.signal);
    },
  };
}

function assertAsked(name: PublicFunction, action: unknown, details: unknown, options: unknown): void {
  assertArgument(name, 'action', 'string', action);
  assertDetails(details);
  assertOptions(name, options);
}
