import { GrammyError, type Api } from 'grammy';
import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { createTelegramChannel } from '../notifications/channel.ts';
import { createChatMoves } from './chat-moves.ts';
import { createGreeter } from './greeter.ts';

const group = '-1001';
const supergroup = '-1002';

const refusal = (description: string, parameters = {}) =>
  new GrammyError('refused', { ok: false, error_code: 400, description, parameters }, 'sendMessage', {
    chat_id: Number(group),
  });
const moved = refusal('Bad Request: group chat was upgraded to a supergroup chat', {
  migrate_to_chat_id: Number(supergroup),
});
const unknown = refusal('Bad Request: chat not found');

/** The way to one chat, in which nobody has heard of the bot. What a chat answers is taken from `answers`, then it takes everything. */
function wayTo(answers: Record<string, Array<Error | undefined>>) {
  const sent: string[] = [];
  const recorded: string[] = [];
  const greeted = new Set<string>();
  const api = {
    sendMessage: async (chat: number) => {
      sent.push(String(chat));
      const error = answers[String(chat)]?.shift();
      if (error !== undefined) throw error;
      return { message_id: sent.length };
    },
    // Of the client only this is used.
  } as unknown as Api;
  const moves = createChatMoves({
    store: { record: async ({ to }) => (recorded.push(to), 'the-notice'), list: async () => [] },
    log: createLogger({ app: 'test', level: 'silent' }),
    main: group,
    extra: [],
    onMessage: () => undefined,
  });
  const store = {
    isGreeted: async (chat: string) => greeted.has(chat),
    record: async () => undefined as never,
  };
  const greeter = createGreeter({ store, moves, text: () => 'Hello' }).through(api);
  const channel = createTelegramChannel({ api, chatId: group, moves, greeter });
  return { channel, greeter, moves, sent, recorded };
}

describe('the greeting of a group that may have become a supergroup', () => {
  it('goes to the new id, and the database hears of that when it went through', async () => {
    const { channel, moves, sent, recorded } = wayTo({ [group]: [moved] });
    expect(await channel.greet?.()).toMatchObject({ kind: 'moved', to: supergroup });
    expect(recorded).toEqual([]);
    expect(await channel.greet?.()).toMatchObject({ kind: 'sent', chatId: supergroup });
    await moves.settled();
    expect([sent, recorded]).toEqual([[group, supergroup], [supergroup]]);
  });

  it('is tried under the old id again when nothing gets through under the new one', async () => {
    const { channel, sent, recorded } = wayTo({ [group]: [moved], [supergroup]: [unknown] });
    await channel.greet?.();
    expect(await channel.greet?.()).toMatchObject({ kind: 'refused', about: 'chat' });
    expect(channel.chatId()).toBe(group);
    expect(await channel.greet?.()).toMatchObject({ kind: 'sent', chatId: group });
    expect([sent, recorded]).toEqual([[group, supergroup, group], []]);
  });

  it('of a card as well', async () => {
    const { greeter, moves } = wayTo({ [supergroup]: [unknown] });
    moves.moved(group, supergroup);
    await expect(greeter.greet(moves.current(group))).rejects.toBe(unknown);
    expect(moves.current(group)).toBe(group);
  });
});

it('a chat is greeted once, also by senders side by side', async () => {
  const { greeter, sent } = wayTo({});
  await Promise.all([greeter.greet(group), greeter.greet(group)]);
  await greeter.greet(group);
  expect(sent).toEqual([group]);
  expect(await greeter.isDue(group)).toBe(false);
});
