import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import type { Lease } from '@actp/services/leases/lease';
import { createBackoff, type Backoff } from '../telegram/backoff.ts';
import type { Failure } from '../telegram/failure.ts';
import type { Pacer, Turn } from '../telegram/pacer.ts';
import type { Refusals } from '../telegram/refusals.ts';
import type { Channel } from './channel.ts';
import type { NotificationSenderTimings } from './notification-sender-timings.ts';
import type { NotificationOutbox, SentMessage } from '@actp/services/notifications/outbox';
import { planMessages, type PlannedMessage } from './plan.ts';

export interface NotificationSender {
  /**
   * Delivers everything that waits, and stops at the first message that cannot be delivered now.
   *
   * @returns 0 when nothing waits any more, otherwise milliseconds after which to try again
   * @throws UnavailableError when the database is unavailable
   */
  deliver(): Promise<number>;
  /** Ends after the message under way. */
  stop(): Promise<void>;
}

export interface NotificationSenderDeps {
  outbox: NotificationOutbox;
  channel: Channel;
  pacer: Pacer;
  refusals: Refusals;
  /** One copy delivers at a time: order is kept, and nothing is sent twice side by side. */
  lease: Lease;
  log: Logger;
  timings: NotificationSenderTimings;
}

// All else is a refusal, and is shown as one.
const passing: ReadonlySet<Failure['kind']> = new Set(['limited', 'away', 'conflict']);
const busyMs = 2_000;
// Longer waits are slept through without the lease.
const patienceMs = 2_000;

/** Sends the notifications in the database to people: at least once, in order, at Telegram's pace. */
export function createNotificationSender(deps: NotificationSenderDeps): NotificationSender {
  const { outbox, channel, pacer, refusals, lease, log, timings } = deps;
  const stopping = new AbortController();
  // Sent but not recorded yet: to be recorded before anything is sent again.
  const unacknowledged = new Map<string, { sent: SentMessage; chatId: string }>();
  const away = createBackoff(timings.retryMs, timings.maxRetryMs);
  const refused = createBackoff(timings.retryMs, timings.refusedMs);
  // Refused for a reason that may be theirs alone, and until when others go first.
  const held = new Map<string, { until: number; backoff: Backoff }>();
  let unclear = 0;
  let failures = 0;
  let notBefore = 0;
  // Telegram took none since something last went through.
  let interrupted = false;
  // False after a text was refused that was put together from several messages.
  let together = true;
  let round: Promise<number> | undefined;

  async function deliverAll(): Promise<number> {
    const wait = notBefore - performance.now();
    if (wait > 0) return wait;
    if (!(await lease.acquire())) return busyMs;
    try {
      await acknowledgeAll();
      for (;;) {
        const writtenChatId = channel.writtenChatId();
        const waiting = await outbox.waiting();
        const ids = new Set(waiting.map(({ id }) => id));
        for (const id of held.keys()) if (!ids.has(id)) held.delete(id);
        const free = waiting.filter(({ id }) => heldFor(id) === 0);
        if (free.length === 0)
          return waiting.length === 0 ? 0 : Math.min(...waiting.map(({ id }) => heldFor(id)));
        const failuresBefore = failures;
        for (const planned of planMessages(free, { interrupted, together })) {
          const greeting = await greetFirst(planned);
          if (greeting !== undefined) return Math.max(1, greeting);
          const turn = await ourTurn();
          if (!turn.ok) return Math.max(1, turn.retryMs);
          if (stopping.signal.aborted || !(await lease.acquire())) {
            turn.done();
            return busyMs;
          }
          const numbered = channel.chatId() === writtenChatId ? planned : withoutNumber(planned);
          if (!(await deliverOne(numbered, turn.done))) return Math.max(1, notBefore - performance.now());
        }
        if (failures === failuresBefore) interrupted = false;
      }
    } finally {
      // Another copy would send once more what only this one knows to be sent.
      if (unacknowledged.size === 0) await lease.release();
    }
  }

  function heldFor(id: string): number {
    return Math.max(0, (held.get(id)?.until ?? 0) - performance.now());
  }

  async function ourTurn(): Promise<Turn> {
    const chatId = channel.chatId();
    if (chatId === undefined) return { ok: true, done: () => undefined };
    return pacer.turn(chatId, 'urgent', { patienceMs, signal: stopping.signal });
  }

  /** Undefined when the message can be sent, else the milliseconds after which to try again. */
  async function greetFirst(planned: PlannedMessage): Promise<number | undefined> {
    if (planned.message.messageId !== null || (await channel.isFirst?.()) !== true) return undefined;
    const turn = await ourTurn();
    if (!turn.ok) return turn.retryMs;
    const greeting = await channel.greet?.();
    turn.done(greeting?.kind === 'limited' ? greeting.retryAfterMs : undefined);
    // One that Telegram takes as no text would keep everything else from people.
    if (greeting === undefined || !('reason' in greeting) || greeting.kind === 'bad_text') return undefined;
    const others = await onFailure(planned, greeting);
    return others ? timings.retryMs : notBefore - performance.now();
  }

  async function acknowledgeAll(): Promise<void> {
    for (const id of [...unacknowledged.keys()]) await acknowledge(id);
  }

  async function acknowledge(id: string): Promise<void> {
    const entry = unacknowledged.get(id);
    if (entry === undefined) return;
    const { sent, chatId } = entry;
    await outbox.sent(chatId === channel.chatId() ? sent : { ...sent, messageId: null });
    unacknowledged.delete(id);
  }

  /** False when no other can be delivered now either. */
  async function deliverOne(
    planned: PlannedMessage,
    done: (retryAfterMs?: number) => void,
  ): Promise<boolean> {
    const { message, body, editable } = planned;
    const delivery = await channel.send({ ...message, body });
    done(delivery.kind === 'limited' ? delivery.retryAfterMs : undefined);
    if (delivery.kind === 'sent') {
      const sent = {
        id: message.id,
        revision: message.revision,
        messageId: editable ? delivery.messageId : null,
        with: planned.with.map(({ id, revision }) => ({ id, revision })),
      };
      await onSent(planned, sent, delivery.chatId);
      const edited = delivery.messageId === message.messageId;
      await refusals.accepted(delivery.chatId, edited ? 'edit' : 'text');
      return true;
    }
    if (delivery.kind === 'logged') {
      await outbox.logged(message.id, message.revision);
      return true;
    }
    if (delivery.kind === 'bad_text') return onBadText(planned, delivery.reason);
    return onFailure(planned, delivery);
  }

  async function onSent(
    { message, with: others }: PlannedMessage,
    sent: SentMessage,
    chatId: string,
  ): Promise<void> {
    away.reset();
    refused.reset();
    // It was the chat's fault, which is over.
    if (unclear > 1) for (const hold of held.values()) hold.until = 0;
    unclear = 0;
    held.delete(message.id);
    unacknowledged.set(message.id, { sent, chatId });
    await acknowledge(message.id);
    log.info({ notification_id: message.id, kind: message.kind, message_id: sent.messageId }, 'alert sent');
    for (const { id, kind, body } of others) {
      log.info(
        { notification_id: id, kind, within: message.id, body: redact(body) },
        'alert sent within another',
      );
    }
  }

  async function onBadText({ message, with: others }: PlannedMessage, reason: string): Promise<boolean> {
    const facts = { notification_id: message.id, kind: message.kind, reason };
    if (others.length > 0) {
      together = false;
      log.warn(facts, 'combined alert rejected, sending its parts separately');
      notBefore = performance.now() + timings.retryMs;
      return false;
    }
    log.error({ ...facts, body: redact(message.body) }, 'telegram rejected the alert');
    await outbox.logged(message.id, message.revision);
    return true;
  }

  async function onFailure({ message }: PlannedMessage, failure: Exclude<Failure, { kind: 'bad_text' }>) {
    const { id, kind, messageId } = message;
    const reason = redact(failure.reason);
    interrupted = true;
    failures += 1;
    let others = false;
    if (failure.kind === 'limited') {
      notBefore = performance.now() + failure.retryAfterMs;
    } else if (failure.kind === 'away' || failure.kind === 'conflict') {
      notBefore = performance.now() + away.next();
    } else {
      others = failure.kind === 'unclear' && unclear === 0;
      if (failure.kind === 'unclear') holdBack(id);
      if (!others) notBefore = performance.now() + refused.next();
      const part =
        failure.kind === 'refused' && failure.about === 'token'
          ? 'token'
          : messageId === null
            ? 'text'
            : 'edit';
      await refusals.refused(channel.chatId() ?? '', part, failure.reason);
    }
    log.warn({ notification_id: id, kind, failure: failure.kind, reason }, 'alert not sent, retrying');
    await outbox.failed(id, `${passing.has(failure.kind) ? failure.kind : 'refused'}: ${reason}`);
    return others;
  }

  // Whose fault it is shows with the next message: when that is refused alike, it is the chat's.
  function holdBack(id: string): void {
    unclear += 1;
    const backoff = held.get(id)?.backoff ?? createBackoff(timings.retryMs, timings.refusedMs);
    held.set(id, { backoff, until: performance.now() + backoff.next() });
  }

  return {
    deliver() {
      round ??= deliverAll().finally(() => (round = undefined));
      return round;
    },
    async stop() {
      stopping.abort();
      await round?.catch(() => undefined);
      if (unacknowledged.size === 0) return;
      await acknowledgeAll().catch(() => undefined);
      // Whoever comes next need not wait for its end.
      await lease.release().catch(() => undefined);
    },
  };
}

/** Its number is one of another chat, where another message has it. */
function withoutNumber(planned: PlannedMessage): PlannedMessage {
  return { ...planned, message: { ...planned.message, messageId: null } };
}
