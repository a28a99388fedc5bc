import { Composer, type Context } from 'grammy';
import type { ChatMoves } from '../../telegram/chat-moves.ts';

/** Telegram says in both chats that a group has become a supergroup; only Telegram can write such a message. */
export function chatMovedFeature({ moves }: { moves: Pick<ChatMoves, 'announced'> }): Composer<Context> {
  const feature = new Composer();
  feature.on('message:migrate_to_chat_id', (ctx) => {
    moves.announced(String(ctx.chat.id), String(ctx.msg.migrate_to_chat_id));
  });
  feature.on('message:migrate_from_chat_id', (ctx) => {
    moves.announced(String(ctx.msg.migrate_from_chat_id), String(ctx.chat.id));
  });
  return feature;
}
