import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import type { Lease } from '@actp/services/leases/lease';
import type { Channel, Delivery, OutgoingMessage } from './channel.ts';
import type { Outbox } from './outbox.ts';

export interface MailmanTimings {
  /** Pause between two messages: Telegram takes about one a second per chat. */
  gapMs: number;
  /** First pause after a failure; doubled each time. */
  retryMs: number;
  /** The longest pause: how soon messages come after Telegram has returned. */
  maxRetryMs: number;
  /** While the token or the chat is wrong, which only a person can change. */
  refusedMs: number;
}

export const mailmanTimings: MailmanTimings = {
  gapMs: 1_000,
  retryMs: 1_000,
  maxRetryMs: 15_000,
  refusedMs: 60_000,
};

export interface Mailman {
  /**
   * Delivers everything that waits, oldest first, and stops at the first message that cannot be delivered now.
   *
   * @returns 0 when nothing waits any more, otherwise milliseconds after which to try again
   * @throws UnavailableError when the database does not answer
   */
  deliver(): Promise<number>;
  /** Ends after the message under way. */
  stop(): Promise<void>;
}

export interface MailmanDeps {
  outbox: Outbox;
  channel: Channel;
  /** One copy delivers at a time: order is kept, and nothing is sent twice side by side. */
  lease: Lease;
  log: Logger;
  timings: MailmanTimings;
}

const busyMs = 2_000;

/** Carries messages from the database to people: at least once, in order, at Telegram's pace. */
export function createMailman(deps: MailmanDeps): Mailman {
  const { outbox, channel, lease, log, timings } = deps;
  const stopping = new AbortController();
  // Sent, but the database did not hear of it: to be told before anything is sent again.
  const untold = new Map<string, { messageId: number; revision: number }>();
  let failures = 0;
  let notBefore = 0;
  let lastSent = -Infinity;
  let round: Promise<number> | undefined;

  async function deliverAll(): Promise<number> {
    const wait = notBefore - performance.now();
    if (wait > 0) return wait;
    if (!(await lease.acquire())) return busyMs;
    try {
      for (const [id, sent] of untold) await told(id, sent);
      for (;;) {
        const waiting = await outbox.waiting();
        if (waiting.length === 0) return 0;
        for (const message of waiting) {
          await pace();
          if (stopping.signal.aborted || !(await lease.acquire())) return busyMs;
          if (!(await deliverOne(message))) return Math.max(1, notBefore - performance.now());
        }
      }
    } finally {
      await lease.release();
    }
  }

  async function pace(): Promise<void> {
    const left = lastSent + timings.gapMs - performance.now();
    if (left > 0) await delay(left, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  async function told(id: string, sent: { messageId: number; revision: number }): Promise<void> {
    await outbox.sent(id, sent.messageId, sent.revision);
    untold.delete(id);
  }

  async function deliverOne(message: OutgoingMessage): Promise<boolean> {
    const delivery = await channel.send(message);
    const facts = { notification_id: message.id, kind: message.kind };
    if (delivery.kind === 'sent') {
      failures = 0;
      lastSent = performance.now();
      const sent = { messageId: delivery.messageId, revision: message.revision };
      untold.set(message.id, sent);
      await told(message.id, sent);
      log.info({ ...facts, message_id: delivery.messageId }, 'alert sent');
      return true;
    }
    if (delivery.kind === 'logged' || delivery.kind === 'unsendable') {
      if (delivery.kind === 'unsendable') {
        const body = redact(message.body);
        log.error({ ...facts, reason: delivery.reason, body }, 'alert cannot be sent');
      }
      await outbox.logged(message.id, message.revision);
      return true;
    }
    notBefore = performance.now() + pauseAfter(delivery);
    if (delivery.kind === 'refused') {
      log.error({ ...facts, reason: delivery.reason }, 'telegram refuses the token or the chat');
    } else {
      log.warn({ ...facts, reason: delivery.reason }, 'telegram did not take the alert');
    }
    await outbox.failed(message.id, `${delivery.kind}: ${redact(delivery.reason)}`);
    return false;
  }

  function pauseAfter(delivery: Exclude<Delivery, { kind: 'sent' | 'logged' | 'unsendable' }>): number {
    if (delivery.kind === 'limited') return delivery.retryAfterMs;
    if (delivery.kind === 'refused') return timings.refusedMs;
    failures += 1;
    return Math.min(timings.maxRetryMs, timings.retryMs * 2 ** Math.min(failures - 1, 10));
  }

  return {
    deliver() {
      round ??= deliverAll().finally(() => (round = undefined));
      return round;
    },
    async stop() {
      stopping.abort();
      await round?.catch(() => undefined);
    },
  };
}
