import type { MessageEntity } from 'grammy/types';
import { badRequest } from './api-error.ts';
import { parseHtml, type FormattedText } from './html.ts';
import { isRecord, jsonParam, textParam, type Params } from './params.ts';

// UTF-16 units, counted after the entities are parsed out.
const maxTextLength = 4096;
const maxCaptionLength = 1024;

/**
 * The text of a message with its entities, as a call asks for it.
 * Of the parse modes only HTML is known here: the project uses no Markdown.
 *
 * @throws BotApiError 400 when it is empty, too long, or its markup cannot be parsed
 */
export function readText(params: Params): FormattedText {
  const source = textParam(params, 'text') ?? '';
  if (source === '') throw badRequest('message text is empty');
  const formatted = trim(parse(source, params, 'entities'));
  if (formatted.text === '') throw badRequest('text must be non-empty');
  if (formatted.text.length > maxTextLength) throw badRequest('message is too long');
  return formatted;
}

/** The same for the caption of a document, which may be missing and is shorter. */
export function readCaption(params: Params): FormattedText | undefined {
  const source = textParam(params, 'caption') ?? '';
  if (source === '') return undefined;
  const formatted = trim(parse(source, params, 'caption_entities'));
  if (formatted.text.length > maxCaptionLength) throw badRequest('message caption is too long');
  return formatted;
}

function parse(source: string, params: Params, entitiesName: string): FormattedText {
  const mode = (textParam(params, 'parse_mode') ?? '').toLowerCase();
  if (mode === 'html') return parseHtml(source);
  if (mode !== '') throw badRequest('unsupported parse_mode');
  const given = jsonParam(params, entitiesName, 'entities') ?? [];
  if (!Array.isArray(given)) throw badRequest("can't parse entities: expected an Array");
  return { text: source, entities: given.map((entity) => checkEntity(entity, source)) };
}

function checkEntity(entity: unknown, text: string): MessageEntity {
  if (!isRecord(entity) || typeof entity['type'] !== 'string') {
    throw badRequest("can't parse MessageEntity: expected an Object with a type");
  }
  const { offset, length } = entity;
  if (typeof offset !== 'number' || typeof length !== 'number' || offset < 0 || length < 1) {
    throw badRequest("can't parse MessageEntity: offset and length must be positive");
  }
  if (offset + length > text.length) {
    throw badRequest('entity beginning or end lies outside of the text');
  }
  // The fields that a reader uses were checked above; the rest is handed back as it came.
  return entity as unknown as MessageEntity;
}

// Telegram cuts white space off both ends and moves the entities along.
function trim({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  const moved = entities.flatMap((entity) => {
    const from = Math.max(entity.offset - start, 0);
    const to = Math.min(entity.offset - start + entity.length, trimmed.length);
    return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
  });
  return { text: trimmed, entities: moved };
}
