import type { Api } from 'grammy';
import type { RefusalStore } from '@actp/services/telegram/refusal-store';
import type { Logger } from '@actp/shared/log';
import type { CardChats } from '../approvals/card-sender/card-chats.ts';
import { failureOf } from './failure.ts';
import type { Pacer } from './pacer.ts';
import type { Refusals } from './refusals.ts';

const text =
  'Telegram accepts messages to this chat again. What is waiting follows; what expired in the meantime is not sent.';

/**
 * Finds out whether a refusal is over when nothing waits that would show it (a card that has expired meanwhile): by a
 * message that says so, once it goes through. One copy of the bot does it.
 *
 * @param deps.quietSeconds how long nobody has tried to send there
 */
export function createRefusalProbe(deps: {
  api: Pick<Api, 'sendMessage'>;
  store: Pick<RefusalStore, 'claimQuiet'>;
  chats: Pick<CardChats, 'known' | 'current'>;
  pacer: Pacer;
  refusals: Refusals;
  log: Logger;
  quietSeconds: number;
}): () => Promise<void> {
  const { api, store, chats, pacer, refusals, log, quietSeconds } = deps;
  return async () => {
    const found = await store.claimQuiet([...chats.known()], quietSeconds);
    if (found === null) return;
    const turn = await pacer.turn(found, 'later', { patienceMs: 0 });
    if (!turn.ok) return;
    let retryAfterMs: number | undefined;
    try {
      await api.sendMessage(Number(chats.current(found)), text);
      await refusals.accepted(found, 'buttons');
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'limited') ({ retryAfterMs } = failure);
      log.debug({ chat_id: found, failure: failure.kind, reason: failure.reason }, 'still refused');
      if (failure.kind === 'refused') await refusals.refused(found, 'text', failure.reason);
    } finally {
      turn.done(retryAfterMs);
    }
  };
}
