import { tooManyRequests } from '../api/api-error.ts';

export interface FloodLimits {
  /** About 1 message a second in one chat. */
  perChatPerSecond: number;
  /** 20 a minute in one group. */
  perGroupPerMinute: number;
  /** 30 a second over all chats. */
  overallPerSecond: number;
  /** How long a second is, in milliseconds, when a test is not to wait for real ones. */
  secondMs?: number;
  /** The same for a minute. */
  minuteMs?: number;
}

/** Telegram's published limits (bots FAQ, "My bot is hitting limits"). */
export const telegramLimits: FloodLimits = {
  perChatPerSecond: 1,
  perGroupPerMinute: 20,
  overallPerSecond: 30,
};

interface SentMessage {
  chatId: number;
  at: number;
}

export type FloodGuard = ReturnType<typeof createFloodGuard>;

/** Counts messages and refuses those above the limits; off until limits are set. */
export function createFloodGuard(deps: { clock: () => number }) {
  let limits: FloodLimits | undefined;
  let sent: SentMessage[] = [];

  return {
    set(next: FloodLimits | undefined): void {
      limits = next;
    },
    /** @throws BotApiError 429 with the seconds after which the oldest message no longer counts */
    count(chatId: number): void {
      const now = deps.clock();
      sent = sent.filter(({ at }) => now - at < 60_000);
      if (limits) {
        const { secondMs = 1_000, minuteMs = 60_000 } = limits;
        const here = sent.filter((message) => message.chatId === chatId);
        refuse(here, limits.perChatPerSecond, secondMs, now);
        if (chatId < 0) refuse(here, limits.perGroupPerMinute, minuteMs, now);
        refuse(sent, limits.overallPerSecond, secondMs, now);
      }
      sent.push({ chatId, at: now });
    },
  };
}

function refuse(sent: readonly SentMessage[], limit: number, windowMs: number, now: number): void {
  const within = sent.filter(({ at }) => now - at < windowMs);
  const oldest = within.at(-limit);
  if (within.length < limit || !oldest) return;
  throw tooManyRequests(Math.max(1, Math.ceil((oldest.at + windowMs - now) / 1000)));
}
