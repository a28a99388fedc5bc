import { randomBytes } from 'node:crypto';

/**
 * A text for a language model, between marks that it cannot close itself: nobody who wrote it knows their name.
 *
 * @param name what it is, for instance `request`
 */
export function untrusted(name: string, text: string): { mark: string; block: string } {
  const mark = `${name}-${randomBytes(6).toString('hex')}`;
  return { mark, block: `<${mark}>\n${text}\n</${mark}>` };
}
