import type { MessageEntity } from 'grammy/types';
import { badRequest } from './api-error.ts';
import { linkEntity, styleOf } from './html-tags.ts';
import { entityError, scanHtml } from './html-scanner.ts';

export interface FormattedText {
  text: string;
  /** Offsets and lengths in UTF-16 units of `text`. */
  entities: MessageEntity[];
}

interface FoundEntity {
  entity: MessageEntity;
  /** Of a `<code>`; it counts only when a `<pre>` closes around it. */
  language?: string;
}

interface OpenTag {
  tag: string;
  attributes: ReadonlyMap<string, string>;
  offset: number;
}

/**
 * Telegram's HTML: the known tags become entities, everything else is refused.
 *
 * @throws BotApiError 400 `can't parse entities: ...` for an unknown, unclosed or crossed tag
 */
export function parseHtml(source: string): FormattedText {
  const entities: FoundEntity[] = [];
  const open: OpenTag[] = [];
  let text = '';
  for (let at = 0; at < source.length;) {
    const piece = scanHtml(source, at);
    if (piece.type === 'text') {
      text += piece.text;
    } else if (piece.type === 'start') {
      checkTag(piece.tag, piece.attributes, source, at);
      open.push({ tag: piece.tag, attributes: piece.attributes, offset: text.length });
    } else {
      const started = closes(open.pop(), piece.tag, source, at);
      if (text.length > started.offset) addEntity(entities, started, text);
    }
    at = piece.next;
  }
  const unclosed = open.at(-1);
  if (unclosed) {
    const what = `Can't find end tag corresponding to start tag "${unclosed.tag}"`;
    throw badRequest(`can't parse entities: ${what}`);
  }
  const sorted = entities.map(({ entity }) => entity);
  sorted.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { text, entities: sorted };
}

function checkTag(tag: string, attributes: ReadonlyMap<string, string>, source: string, at: number): void {
  if (tag === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw entityError('Tag "span" must have class "tg-spoiler"', source, at);
  }
}

function closes(started: OpenTag | undefined, tag: string, source: string, at: number): OpenTag {
  if (!started) throw entityError('Unexpected end tag', source, at);
  if (tag === '' || tag === started.tag) return started;
  const offset = Buffer.byteLength(source.slice(0, at), 'utf8');
  const what = `Unmatched end tag at byte offset ${offset}, expected "</${started.tag}>", found "</${tag}>"`;
  throw badRequest(`can't parse entities: ${what}`);
}

function addEntity(found: FoundEntity[], { tag, attributes, offset }: OpenTag, text: string): void {
  const range = { offset, length: text.length - offset };
  if (tag === 'a') {
    const link = linkEntity(attributes.get('href') ?? text.slice(offset), range);
    if (link) found.push({ entity: link });
    return;
  }
  const last = found.at(-1);
  if (tag === 'pre' && last?.entity.type === 'code' && sameRange(last.entity, range)) {
    // <pre><code class="language-x"> is one block of code.
    found.pop();
    const language = last.language === undefined ? {} : { language: last.language };
    found.push({ entity: { type: 'pre', ...range, ...language } });
    return;
  }
  const type = styleOf(tag, attributes);
  if (type === undefined) return;
  const language = attributes.get('class')?.match(/^language-(.+)$/)?.[1];
  const isCode = tag === 'code' && language !== undefined;
  found.push({ entity: { type, ...range }, ...(isCode ? { language } : {}) });
}

function sameRange(a: { offset: number; length: number }, b: { offset: number; length: number }) {
  return a.offset === b.offset && a.length === b.length;
}
