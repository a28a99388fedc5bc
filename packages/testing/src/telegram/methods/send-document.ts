import type { Document } from 'grammy/types';
import { badRequest } from '../api/api-error.ts';
import { readCaption } from '../api/formatted-text.ts';
import { integerParam, isRecord, type Params, type UploadedFile } from '../api/params.ts';
import { readInlineKeyboard } from '../api/reply-markup.ts';
import { latest } from '../state/messages.ts';
import { replyTo } from './reply-to.ts';
import type { Method } from './method.ts';

export const sendDocument: Method = (world, params) => {
  const document = readDocument(params);
  const caption = readCaption(params);
  const keyboard = readInlineKeyboard(params);
  const chat = world.chats.sendable(integerParam(params, 'chat_id'), { withButtons: keyboard !== undefined });
  const reply = replyTo(world, params, chat.chat.id);
  world.floodGuard.count(chat.chat.id);
  const content = {
    from: world.author,
    document,
    ...(caption ? { caption: caption.text, caption_entities: caption.entities } : {}),
    ...(keyboard ? { reply_markup: keyboard } : {}),
    ...reply,
  };
  return latest(world.messages.add(chat, content, true));
};

// A file comes as a part of the form, by itself or by the name that `attach://` gives; or as an id of an earlier one.
function readDocument(params: Params): Document {
  const given = params['document'];
  const part = typeof given === 'string' ? /^attach:\/\/(.+)$/.exec(given)?.[1] : undefined;
  const file = part === undefined ? given : params[part];
  if (isUpload(file)) {
    const { file_name, mime_type, bytes } = file;
    const id = `file-${file_name}-${bytes.byteLength}`;
    return { file_id: id, file_unique_id: id, file_name, mime_type, file_size: bytes.byteLength };
  }
  if (typeof file === 'string' && file !== '' && part === undefined) {
    return { file_id: file, file_unique_id: file };
  }
  throw badRequest('there is no document in the request');
}

function isUpload(value: unknown): value is UploadedFile {
  return isRecord(value) && value['bytes'] instanceof Uint8Array;
}
