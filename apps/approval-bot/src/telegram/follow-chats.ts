import { GrammyError, type Transformer } from 'grammy';
import type { ChatMoves } from './chat-moves.ts';
import { failureOf, type Failure } from './failure.ts';
import type { Pacer } from './pacer.ts';
import type { Refusals } from './refusals.ts';

// What counts against Telegram's limits.
const paced: ReadonlySet<string> = new Set(['sendMessage', 'editMessageText', 'editMessageReplyMarkup']);
// Updates are handled one by one: an answer that has to wait longer is sent all the same, and may be refused.
const patienceMs = 2_000;

/**
 * For answers to people: in their turn, to where their group is now, and with a trace when Telegram refuses them in a chat
 * of the settings.
 */
export function followChats(deps: {
  moves: ChatMoves;
  refusals: Refusals;
  pacer: Pacer;
  isOurs: (chatId: string) => boolean;
}): Transformer {
  const { moves, refusals, pacer, isOurs } = deps;

  async function note(chatId: string, method: string, failure: Failure | undefined): Promise<void> {
    if (!isOurs(chatId) || method !== 'sendMessage') return;
    if (failure === undefined) await refusals.accepted(chatId, 'text');
    else if (failure.kind === 'refused' && failure.about === 'chat') {
      await refusals.refused(chatId, 'text', failure.reason);
    }
  }

  return async (previous, method, payload, signal) => {
    const given: unknown = Reflect.get(payload, 'chat_id');
    if (!paced.has(method) || typeof given !== 'number') return previous(method, payload, signal);
    const turn = await pacer.turn(String(given), 'reply', { patienceMs });
    let failure: Failure | undefined;
    const end = () => {
      if (turn.ok) turn.done(failure?.kind === 'limited' ? failure.retryAfterMs : undefined);
    };
    const answer = await previous(method, payload, signal).catch((error: unknown) => {
      end();
      throw error;
    });
    if (!answer.ok) failure = failureOf(new GrammyError('refused', answer, method, { ...payload }));
    end();
    if (failure?.kind === 'moved') {
      moves.moved(failure.from, failure.to);
      const now = moves.current(String(given));
      if (method !== 'sendMessage' || now === String(given)) return answer;
      // What it replies to stands in the old chat.
      const moved = { ...payload, chat_id: Number(now), reply_parameters: undefined };
      const again = await previous(method, moved, signal);
      if (again.ok) moves.confirmed(now);
      else moves.failed(now);
      return again;
    }
    await note(String(given), method, failure);
    return answer;
  };
}
