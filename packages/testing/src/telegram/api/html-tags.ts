import type { MessageEntity } from 'grammy/types';

type Style = MessageEntity.CommonMessageEntity['type'] | 'pre';

const styles: Readonly<Record<string, Style>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
};

/** Whether Telegram takes this tag at all. */
export function isKnownTag(tag: string): boolean {
  return tag === 'a' || Object.hasOwn(styles, tag);
}

/** The entity that a tag becomes; undefined for a link, which is more than a style. */
export function styleOf(tag: string, attributes: ReadonlyMap<string, string> = new Map()): Style | undefined {
  if (tag === 'blockquote' && attributes.has('expandable')) return 'expandable_blockquote';
  return Object.hasOwn(styles, tag) ? styles[tag] : undefined;
}

/** The entity of a link, or nothing when the address is none: Telegram then shows the bare text. */
export function linkEntity(
  address: string,
  range: { offset: number; length: number },
): MessageEntity | undefined {
  const userId = /^tg:\/\/user\?id=(\d{1,16})$/.exec(address)?.[1];
  if (userId !== undefined) {
    const user = { id: Number(userId), is_bot: false, first_name: `User ${userId}` };
    return { type: 'text_mention', ...range, user };
  }
  const url = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(url) || !['http:', 'https:', 'tg:'].includes(new URL(url).protocol)) {
    return undefined;
  }
  return { type: 'text_link', ...range, url: new URL(url).href };
}
