import { badRequest } from '../api/api-error.ts';
import { flagParam, textParam } from '../api/params.ts';
import type { Method } from './method.ts';

// Telegram says characters; UTF-16 units are the stricter reading.
const maxAnswerCharacters = 200;

export const answerCallbackQuery: Method = ({ callbackQueries }, params) => {
  const text = textParam(params, 'text');
  if (text !== undefined && text.length > maxAnswerCharacters) {
    throw badRequest('MESSAGE_TOO_LONG');
  }
  callbackQueries.answer(textParam(params, 'callback_query_id') ?? '', {
    text,
    show_alert: flagParam(params, 'show_alert'),
    url: textParam(params, 'url'),
  });
  return true;
};
