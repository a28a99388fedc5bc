import { setTimeout as delay } from 'node:timers/promises';

/** How much Telegram takes, and how much of a minute's messages is kept free for what is more urgent. */
export interface PaceLimits {
  /** Pause between two messages to one chat: Telegram takes about one a second. */
  gapMs: number;
  /** Messages to one group within `minuteMs`: Telegram takes 20 a minute. */
  perMinute: number;
  minuteMs: number;
  /** Messages to all chats within `secondMs`: Telegram takes 30 a second. */
  overall: number;
  secondMs: number;
  /** After how long a call that is under way no longer holds up the next one. */
  longestCallMs: number;
  reserved: Record<Urgency, number>;
}

/** `reply`: a person waits for it; `urgent`: alerts and questions; `later`: changes of cards, reminders. */
export type Urgency = 'reply' | 'urgent' | 'later';

export const paceLimits: PaceLimits = {
  gapMs: 1_000,
  perMinute: 20,
  minuteMs: 60_000,
  overall: 30,
  secondMs: 1_000,
  longestCallMs: 3_000,
  reserved: { reply: 0, urgent: 2, later: 6 },
};

export type Turn =
  /** `done` has to be called when the call is over, with what Telegram asked to wait if it did. */
  { ok: true; done: (retryAfterMs?: number) => void } | { ok: false; retryMs: number };

/** Keeps this process below Telegram's limits, so that it does not come to a 429. */
export interface Pacer {
  /**
   * Waits for the turn of a message.
   *
   * @param options.patienceMs how long to wait at most; `ok` is false when it takes longer, or when `signal` is aborted
   */
  turn(
    chatId: string,
    urgency: Urgency,
    options: { patienceMs: number; signal?: AbortSignal },
  ): Promise<Turn>;
}

export interface PacerDeps {
  limits: PaceLimits;
  /** Milliseconds that only go forward. */
  now?: () => number;
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

interface Sent {
  chatId: string;
  startedAt: number;
  /** When the call was over: Telegram counts it somewhere before. Infinity while it is under way. */
  at: number;
}

// How often to look while another call is under way.
const busyMs = 20;
const sleepFor = (ms: number, signal: AbortSignal | undefined) =>
  delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);

export function createPacer({ limits, now = () => performance.now(), sleep = sleepFor }: PacerDeps): Pacer {
  const { gapMs, perMinute, minuteMs, overall, secondMs, longestCallMs, reserved } = limits;
  const notBefore = new Map<string, number>();
  let sent: Sent[] = [];

  /** Milliseconds until fewer than `limit` of these are within the window; 0 when that is so. */
  function until(calls: readonly Sent[], limit: number, windowMs: number): number {
    const oldest = calls.at(-limit);
    if (oldest === undefined) return 0;
    const { at, startedAt } = oldest;
    if (at === Infinity && now() < startedAt + longestCallMs) return busyMs;
    return Math.max(0, (at === Infinity ? startedAt + longestCallMs : at) + windowMs - now());
  }

  function waitMs(chatId: string, urgency: Urgency): number {
    sent = sent.filter(({ at }) => at + Math.max(minuteMs, gapMs, secondMs) > now());
    const here = sent.filter((call) => call.chatId === chatId);
    const share = Math.max(1, perMinute - reserved[urgency]);
    return Math.max(
      (notBefore.get(chatId) ?? 0) - now(),
      until(here, 1, gapMs),
      chatId.startsWith('-') ? until(here, share, minuteMs) : 0,
      until(sent, overall, secondMs),
    );
  }

  function begin(chatId: string): Turn {
    const call: Sent = { chatId, startedAt: now(), at: Infinity };
    sent.push(call);
    notBefore.delete(chatId);
    return {
      ok: true,
      done(retryAfterMs) {
        call.at = now();
        // In the order in which they ended, so that the windows can be counted from the end.
        sent = [...sent.filter((other) => other !== call), call].toSorted((a, b) => a.at - b.at);
        if (retryAfterMs !== undefined) notBefore.set(chatId, now() + retryAfterMs);
      },
    };
  }

  return {
    async turn(chatId, urgency, { patienceMs, signal }) {
      const deadline = now() + patienceMs;
      for (;;) {
        const ms = waitMs(chatId, urgency);
        if (signal?.aborted) return { ok: false, retryMs: ms };
        if (ms <= 0) return begin(chatId);
        if (now() + ms > deadline) return { ok: false, retryMs: ms };
        await sleep(ms, signal);
      }
    },
  };
}
