import type { RefusalStore, RefusedPart } from '@actp/services/telegram/refusal-store';
import type { Logger } from '@actp/shared/log';
import type { ChatMoves } from './chat-moves.ts';
import { shownReason } from './refusal-texts.ts';

/** What Telegram refuses at present: in the log at once, and in the database for readiness and metrics. */
export interface Refusals {
  /** Never throws: what the database did not hear of is said again at the next refusal. */
  refused(chatId: string, part: RefusedPart, reason: string): Promise<void>;
  /** Something went through: neither that nor what is less is refused any more. */
  accepted(chatId: string, part: RefusedPart): Promise<void>;
}

const included: Record<RefusedPart, RefusedPart[]> = {
  edit: ['edit'],
  text: ['edit', 'text'],
  buttons: ['edit', 'text', 'buttons'],
  token: ['token'],
};

// Another copy may have noted a refusal that this one has never seen.
const sureForMs = 10_000;

/** @param deps.now milliseconds that only go forward */
export function createRefusals(deps: {
  store: Pick<RefusalStore, 'record' | 'clear'>;
  log: Logger;
  moves: Pick<ChatMoves, 'inSettings'>;
  now?: () => number;
}): Refusals {
  const { store, log, moves, now = () => performance.now() } = deps;
  const reasons = new Map<string, string>();
  const clearedAt = new Map<string, number>();

  async function clear(chatId: string, parts: RefusedPart[]): Promise<void> {
    const key = `${chatId} ${parts.join(' ')}`;
    const known = parts.some((part) => reasons.has(`${chatId} ${part}`));
    if (!known && now() - (clearedAt.get(key) ?? -Infinity) < sureForMs) return;
    const ended = await store.clear(chatId, parts);
    for (const part of parts) reasons.delete(`${chatId} ${part}`);
    clearedAt.set(key, now());
    if (known || ended > 0)
      log.info({ chat_id: chatId, part: parts.at(-1) }, 'telegram accepts messages again');
  }

  // One after the other: an end that is being written must not make a refusal forgotten that comes meanwhile.
  let last = Promise.resolve();
  function inOrder(work: () => Promise<unknown>): Promise<void> {
    last = last.then(work).then(
      () => undefined,
      (error: unknown) => log.debug({ err: error }, 'recording a refusal failed'),
    );
    return last;
  }

  return {
    refused(chat, part, given) {
      const chatId = part === 'token' ? '' : moves.inSettings(chat);
      const reason = shownReason(given);
      const key = `${chatId} ${part}`;
      return inOrder(async () => {
        // Said once, and again when the reason is another one.
        if (reasons.get(key) !== reason)
          log.error({ chat_id: chat, part, reason }, 'telegram refuses messages');
        reasons.set(key, reason);
        await store.record(chatId, part, reason);
      });
    },
    accepted(chatId, part) {
      return inOrder(async () => {
        await clear('', ['token']);
        if (part !== 'token') await clear(moves.inSettings(chatId), included[part]);
      });
    },
  };
}
