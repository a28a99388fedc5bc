import { callbackUrlProblem } from '@actp/shared/approvals/callback-url';
import { webhookHeaders } from '@actp/shared/standard-webhooks';
import type { Logger } from '@actp/shared/log';
import { createOutageLog } from '../approvals/outage-log.ts';
import { createWoken } from '../approvals/woken.ts';
import type { Callback, CallbackOutbox } from './callback-outbox.ts';
import { postCallback } from './post-callback.ts';
import { pauseAfter } from './retry-schedule.ts';

export interface CourierDeps {
  outbox: CallbackOutbox;
  /** Where callbacks may go. Looked at for every delivery: the settings may have changed since the approval was made. */
  origins: readonly string[];
  /** Signs them; there when there are origins. */
  secret: string | undefined;
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface Courier {
  /** Soon delivers everything that is due. */
  wake(): void;
  /** Delivers what is due for one approval. */
  deliver(approvalId: string): Promise<void>;
  /** Ends after the attempts under way. */
  stop(): Promise<void>;
}

const batch = 20;

/** Tells callback URLs of changes: at least once each, signed, for about a day. Nothing else waits for it. */
export function createCourier({ outbox, origins, secret, log, now }: CourierDeps): Courier {
  const underWay = new Set<Promise<void>>();
  const woken = createWoken(
    async () => {
      const callbacks = await outbox.claim(batch);
      await postAll(callbacks);
      return callbacks.length === batch ? 0 : undefined;
    },
    createOutageLog(log, 'callbacks wait: the database is unavailable'),
  );

  async function post(callback: Callback): Promise<void> {
    const { approval_id, version, attempt, url } = callback;
    const facts = { approval_id, version, attempt };
    if (secret === undefined || callbackUrlProblem(url, origins) !== undefined) {
      log.error(facts, 'callback_url is not on one of CALLBACK_ORIGINS');
      await outbox.givenUp(callback, 'not on one of CALLBACK_ORIGINS');
      return;
    }
    const body = bodyOf(callback);
    // The same id for every attempt: a receiver that has it already can tell.
    const id = `approval-${approval_id}-${version}`;
    const headers = webhookHeaders(secret, { id, timestamp: Math.floor(now() / 1_000), content: body });
    const result = await postCallback(url, headers, body);
    if (result.kind === 'delivered') {
      await outbox.delivered(callback);
      log.info(facts, 'callback delivered');
      return;
    }
    const seconds = result.kind === 'never' ? undefined : pauseAfter(attempt);
    log.warn({ ...facts, reason: result.reason, retry_seconds: seconds }, 'callback failed');
    if (seconds === undefined) await outbox.givenUp(callback, result.reason);
    else await outbox.retry(callback, result.reason, seconds);
  }

  // Changes of one approval go in their order, those of different ones side by side.
  async function postAll(callbacks: readonly Callback[]): Promise<void> {
    const byApproval = Map.groupBy(callbacks, ({ approval_id }) => approval_id);
    const posts = [...byApproval.values()].map(async (own) => {
      // What is left when we stop was taken for a while only, and is due again then.
      for (const callback of own) if (!woken.stopped.aborted) await post(callback);
    });
    const results = await Promise.allSettled(posts);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  return {
    wake: woken.wake,
    deliver(approvalId) {
      const work = outbox.claim(batch, approvalId).then(postAll);
      const settled = work.catch(() => undefined);
      underWay.add(settled);
      void settled.then(() => underWay.delete(settled));
      return work;
    },
    async stop() {
      await Promise.all([woken.stop(), ...underWay]);
    },
  };
}

function bodyOf({ type, at, approval }: Callback): string {
  return JSON.stringify({ type: `approval.${type}`, timestamp: new Date(at).toISOString(), approval });
}
