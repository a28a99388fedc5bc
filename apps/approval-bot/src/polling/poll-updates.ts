import { setTimeout as delay } from 'node:timers/promises';
import type { Bot } from 'grammy';
import type { Update } from 'grammy/types';
import type { Logger } from '@actp/shared/log';
import { repeat } from '@actp/shared/repeat';
import { allowedUpdates } from '../bot/create-bot.ts';
import { botCommands } from '../bot/commands.ts';
import { grammySignal } from '../telegram/api-client.ts';
import { failureOf, type Failure } from '../telegram/failure.ts';
import { handleUpdate } from './handle-update.ts';
import type { Backlog } from './backlog.ts';
import type { Refusals } from '../telegram/refusals.ts';
import type { Lease } from '@actp/services/leases/lease';

export interface PollTimings {
  /** How long Telegram may wait for an update, in seconds. */
  pollSeconds: number;
  /** How often the lease is extended, or asked for. */
  leaseMs: number;
  /** First pause after a failure; doubled each time. */
  retryMs: number;
  maxRetryMs: number;
  /** After 409 or a refused token: somebody has to do something. */
  conflictMs: number;
}

export const pollTimings: PollTimings = {
  pollSeconds: 25,
  leaseMs: 3_000,
  retryMs: 1_000,
  maxRetryMs: 15_000,
  conflictMs: 30_000,
};

// As many as Telegram gives at once; fewer mean that no more wait.
const fullBatch = 100;

export interface PollDeps {
  bot: Bot;
  lease: Lease;
  backlog: Backlog;
  refusals: Refusals;
  /** Done before the first update is fetched; it is tried again until it succeeds. */
  prepare: () => Promise<void>;
  log: Logger;
  timings: PollTimings;
}

// What came from outside may have any form; by its id it can be confirmed, whatever else is wrong with it.
const isUpdate = (update: unknown): update is Update =>
  typeof update === 'object' &&
  update !== null &&
  'update_id' in update &&
  Number.isSafeInteger(update.update_id);

/**
 * Fetches updates while this copy holds the lease, and handles them one by one; an update is confirmed by the poll
 * after the one that brought it. Outages of Telegram or of the database only interrupt it.
 *
 * @returns a function that ends it: the update under way is finished and confirmed, the lease given back
 */
export function pollUpdates({
  bot,
  lease,
  backlog,
  refusals,
  prepare,
  log,
  timings,
}: PollDeps): () => Promise<void> {
  const stopping = new AbortController();
  const stopped = stopping.signal;
  let ready = false;
  let failures = 0;
  let lastKind: Failure['kind'] | undefined;
  let offset: number | undefined;
  let satOut = false;

  const pause = (ms: number) => delay(ms, undefined, { signal: stopped }).catch(() => undefined);

  async function run(): Promise<void> {
    while (!stopped.aborted) {
      try {
        // Telegram is asked first: a copy that cannot reach it leaves the lease to others.
        if (!ready) await introduce();
        if (await mayPoll()) await pollWhileHeld();
        else await pause(timings.leaseMs);
      } catch (error) {
        if (!stopped.aborted) await recover(failureOf(error));
      }
    }
    await sayGoodbye();
  }

  // Without the database nobody knows who may: nobody does. Updates wait at Telegram meanwhile.
  function mayPoll(): Promise<boolean> {
    return lease.acquire().catch((error: unknown) => {
      log.debug({ err: error }, 'lease check failed');
      return false;
    });
  }

  async function introduce(): Promise<void> {
    const signal = grammySignal(stopped);
    // Not `bot.init()`, whose own retries pause for up to 20 minutes.
    const greet = async () => {
      bot.botInfo = await bot.api.getMe(signal);
      await bot.api.deleteWebhook({}, signal);
      await bot.api.setMyCommands(botCommands, {}, signal);
    };
    // Side by side: what is pressed before the first poll counts as late.
    await Promise.all([greet(), prepare()]);
    ready = true;
    void refusals.accepted('', 'token');
    log.info({ bot: bot.botInfo.username }, 'connected to telegram');
  }

  async function pollWhileHeld(): Promise<void> {
    const lost = new AbortController();
    const stopKeeping = repeat(log, timings.leaseMs, async () => {
      await mayPoll();
      if (!lease.held()) lost.abort();
    });
    const either = AbortSignal.any([stopped, lost.signal]);
    try {
      // What waits at Telegram is fetched without waiting for more, so that one can tell it from what comes now.
      let late = await backlog.polled();
      while (!either.aborted && lease.held()) late = await pollOnce(either, late);
    } catch (error) {
      // A poll that we cut ourselves is no failure.
      if (!either.aborted) throw error;
    } finally {
      // Also waits for the turn under way: it must not take the lease again after it was given back.
      await stopKeeping();
    }
  }

  /** Gives whether older updates may still be waiting. */
  async function pollOnce(signal: AbortSignal, late: boolean): Promise<boolean> {
    const fetched = await bot.api.getUpdates(
      {
        timeout: late ? 0 : timings.pollSeconds,
        limit: fullBatch,
        allowed_updates: allowedUpdates,
        ...(offset === undefined ? {} : { offset }),
      },
      grammySignal(signal),
    );
    failures = 0;
    const updates = fetched.filter(isUpdate);
    // Such a one cannot even be confirmed, and comes again at once.
    if (updates.length === 0 && fetched.length > 0) await sitOut(fetched.length);
    if (late) backlog.add(updates.map(({ update_id }) => update_id));
    for (const update of updates) {
      if (signal.aborted || !lease.held()) return late;
      await handleUpdate({ bot, log, signal: stopped }, update);
      offset = update.update_id + 1;
    }
    await backlog.polled();
    return late && fetched.length === fullBatch;
  }

  async function sitOut(count: number): Promise<void> {
    if (!satOut) log.warn({ count }, 'updates without an id cannot be handled');
    satOut = true;
    await pause(timings.retryMs);
  }

  async function recover(failure: Failure): Promise<void> {
    ready = false;
    failures += 1;
    const ms = pauseAfter(failure);
    // Said once for an outage, not every few seconds.
    const level = failures === 1 || failure.kind !== lastKind ? 'warn' : 'debug';
    lastKind = failure.kind;
    log[level]({ failure: failure.kind, reason: failure.reason, retry_ms: ms }, 'polling interrupted');
    if (failure.kind === 'refused') await refusals.refused('', 'token', failure.reason);
    await lease.release().catch(() => undefined); // it ends by itself
    await pause(ms);
  }

  function pauseAfter(failure: Failure): number {
    if (failure.kind === 'limited') return failure.retryAfterMs;
    if (failure.kind === 'conflict' || failure.kind === 'refused') return timings.conflictMs;
    return Math.min(timings.maxRetryMs, timings.retryMs * 2 ** Math.min(failures - 1, 10));
  }

  // Tells Telegram what was handled, so that the next poller does not get it again.
  async function sayGoodbye(): Promise<void> {
    if (offset !== undefined && lease.held()) {
      const deadline = grammySignal(AbortSignal.timeout(2_000));
      await bot.api.getUpdates({ offset, limit: 1, timeout: 0 }, deadline).catch(() => undefined);
    }
    await lease.release().catch(() => undefined);
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}
