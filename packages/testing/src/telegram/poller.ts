import type { Update } from 'grammy/types';
import { BotApiError } from './api/api-error.ts';
import type { Signal } from './state/signal.ts';
import type { UpdateQueue } from './state/update-queue.ts';
import type { Webhook } from './webhook.ts';

export interface PollRequest {
  offset: number;
  /** 1 to 100. */
  limit: number;
  /** How long to wait for the first update, in milliseconds. */
  timeoutMs: number;
  /** Aborted when the caller is gone. */
  signal: AbortSignal;
}

const conflicts = {
  poll: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  setWebhook: 'Conflict: terminated by setWebhook request',
  webhook:
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
};

/** Long polls: one at a time waits, a second one ends the first with 409. */
export function createPoller(deps: { changed: Signal; updates: UpdateQueue; webhook: Webhook }) {
  const { changed, updates, webhook } = deps;
  let endWaiting: ((reason: Error | undefined) => void) | undefined;

  const wait = (request: PollRequest): Promise<Update[]> => {
    endWaiting?.(new BotApiError(409, conflicts.poll));
    return new Promise((resolve, reject) => {
      const end = (reason: Error | undefined, found: Update[] = []) => {
        clearTimeout(timer);
        unsubscribe();
        request.signal.removeEventListener('abort', leave);
        if (endWaiting === end) endWaiting = undefined;
        if (reason) reject(reason);
        else resolve(found);
      };
      const look = () => {
        if (webhook.isSet()) return end(new BotApiError(409, conflicts.setWebhook));
        const found = updates.take(request.offset, request.limit);
        if (found.length > 0) end(undefined, found);
      };
      const leave = () => end(undefined);
      const timer = setTimeout(leave, request.timeoutMs);
      const unsubscribe = changed.subscribe(look);
      request.signal.addEventListener('abort', leave);
      endWaiting = end;
    });
  };

  return {
    /** @throws BotApiError 409 while a webhook is set, or when another poll takes over */
    async poll(request: PollRequest): Promise<Update[]> {
      if (webhook.isSet()) throw new BotApiError(409, conflicts.webhook);
      const found = updates.take(request.offset, request.limit);
      if (found.length > 0 || request.timeoutMs === 0) return found;
      return wait(request);
    },
    /** Ends a poll that waits, with no updates. */
    stop(): void {
      endWaiting?.(undefined);
    },
  };
}
