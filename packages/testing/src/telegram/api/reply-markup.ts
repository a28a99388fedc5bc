import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import { badRequest } from './api-error.ts';
import { isRecord, jsonParam, type Params } from './params.ts';

const maxCallbackDataBytes = 64;
const maxButtons = 100;
// Kinds of markup that put no buttons under the message.
const otherMarkup = ['keyboard', 'remove_keyboard', 'force_reply'];

/**
 * The inline keyboard of a call; undefined when there is none or it is empty.
 *
 * @throws BotApiError 400 for what is no keyboard, and for callback data that is not 1 to 64 bytes
 */
export function readInlineKeyboard(params: Params): InlineKeyboardMarkup | undefined {
  const markup = jsonParam(params, 'reply_markup', 'reply keyboard markup');
  if (markup === undefined || markup === null) return undefined;
  if (!isRecord(markup)) throw badRequest('object expected as reply markup');
  const rows = markup['inline_keyboard'];
  if (rows === undefined) {
    if (otherMarkup.some((kind) => kind in markup)) return undefined;
    throw badRequest("can't parse reply keyboard markup: no keyboard in the object");
  }
  if (!Array.isArray(rows)) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  const keyboard = rows.map(readRow).filter((row) => row.length > 0);
  if (keyboard.flat().length > maxButtons) throw badRequest('reply markup is too long');
  return keyboard.length === 0 ? undefined : { inline_keyboard: keyboard };
}

function readRow(row: unknown): InlineKeyboardButton[] {
  if (!Array.isArray(row)) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  return row.map(readButton);
}

function readButton(button: unknown): InlineKeyboardButton {
  if (!isRecord(button) || typeof button['text'] !== 'string' || button['text'] === '') {
    throw badRequest('can\'t parse inline keyboard button: Field "text" must be of type String');
  }
  const { text, callback_data: data, url } = button;
  if (typeof data === 'string') {
    const bytes = Buffer.byteLength(data, 'utf8');
    if (bytes < 1 || bytes > maxCallbackDataBytes) throw badRequest('BUTTON_DATA_INVALID');
    return { text, callback_data: data };
  }
  if (typeof url === 'string') {
    if (!URL.canParse(url)) throw badRequest(`inline keyboard button URL '${url}' is invalid`);
    return { text, url };
  }
  const what = 'Text buttons are unallowed in the inline keyboard';
  throw badRequest(`can't parse inline keyboard button: ${what}`);
}
