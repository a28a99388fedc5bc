import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { TelegramCall } from '../doctor/telegram-api.ts';

/** Who has sent /start, and where. */
export interface Start {
  updateId: number;
  chat: { id: number; type: string; title: string };
  user: { id: number; name: string };
}

export type StartOutcome =
  | { is: 'start'; start: Start }
  /** Another program fetches the updates of this bot, or a webhook gets them. */
  | { is: 'taken' }
  | { is: 'failed'; why: string };

const Update = z.looseObject({
  update_id: z.int(),
  message: z
    .looseObject({
      text: z.string().optional(),
      chat: z.looseObject({
        id: z.int(),
        type: z.string(),
        title: z.string().optional(),
        first_name: z.string().optional(),
      }),
      from: z
        .looseObject({
          id: z.int(),
          is_bot: z.boolean(),
          first_name: z.string(),
          last_name: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});
type Update = z.infer<typeof Update>;

const pollSeconds = 20;
const pauseMs = 1_000;
// Telegram gives that many at once; beyond them no new one would be seen.
const mostPending = 100;

/**
 * Waits for /start. What else waits for the bot is not taken away: the plane gets it when it starts, and answers this /start as well.
 *
 * @param seen updates that are passed over, since they were looked at before
 */
export async function waitForStart(
  call: TelegramCall,
  seen: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<StartOutcome> {
  let offset: number | undefined;
  let pending = 0;
  for (;;) {
    signal.throwIfAborted();
    // With updates waiting every answer comes at once.
    if (pending > 0) await delay(pauseMs, undefined, { signal });
    const answer = await call(
      'getUpdates',
      {
        timeout: pending > 0 ? 0 : pollSeconds,
        limit: mostPending,
        ...(offset === undefined ? {} : { offset }),
      },
      { signal, withinMs: (pollSeconds + 10) * 1_000 },
    );
    signal.throwIfAborted();
    if (answer.is === 'unreachable') return { is: 'failed', why: `Telegram cannot be reached${answer.how}` };
    if (answer.is === 'refused') {
      return answer.code === 409
        ? { is: 'taken' }
        : { is: 'failed', why: `Telegram refuses (${answer.code})` };
    }
    const updates = z.array(Update).parse(answer.result);
    const start = updates.map(startOf).findLast((one) => one !== undefined && !seen.has(one.updateId));
    if (start !== undefined) return { is: 'start', start };
    pending = updates.length;
    if (pending === mostPending) offset = (updates.at(-1)?.update_id ?? 0) + 1;
  }
}

function startOf({ update_id: updateId, message }: Update): Start | undefined {
  const from = message?.from;
  // Without regard to case; in groups the bot's name follows. An anonymous administrator is nobody who could decide.
  if (message === undefined || from === undefined || from.is_bot) return undefined;
  if (!/^\/start(?:@\w+)?(?:\s|$)/i.test(message.text ?? '')) return undefined;
  const { chat } = message;
  return {
    updateId,
    chat: { id: chat.id, type: chat.type, title: chat.title ?? chat.first_name ?? '' },
    user: { id: from.id, name: [from.first_name, from.last_name].filter(Boolean).join(' ') },
  };
}
