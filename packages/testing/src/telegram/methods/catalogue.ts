import { answerCallbackQuery } from './answer-callback-query.ts';
import { deleteMyCommands, getMyCommands, setMyCommands } from './bot-commands.ts';
import { getChat, getChatMember } from './chat.ts';
import { deleteMessage } from './delete-message.ts';
import { editMessageReplyMarkup, editMessageText } from './edit-message.ts';
import { getMe } from './get-me.ts';
import { getUpdates } from './get-updates.ts';
import { sendDocument } from './send-document.ts';
import { sendMessage } from './send-message.ts';
import { deleteWebhook, getWebhookInfo, setWebhook } from './webhook.ts';
import type { Method } from './method.ts';

const methods = new Map<string, Method>(
  Object.entries({
    answerCallbackQuery,
    deleteMessage,
    deleteMyCommands,
    deleteWebhook,
    editMessageReplyMarkup,
    editMessageText,
    getChat,
    getChatMember,
    getMe,
    getMyCommands,
    getUpdates,
    getWebhookInfo,
    sendDocument,
    sendMessage,
    setMyCommands,
    setWebhook,
  }).map(([name, method]) => [name.toLowerCase(), method]),
);

/** Telegram takes method names in any case. */
export function methodByName(name: string): Method | undefined {
  return methods.get(name.toLowerCase());
}
