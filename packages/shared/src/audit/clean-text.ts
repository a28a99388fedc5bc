import { redact } from '@actp/redaction/redact';

/**
 * Takes secrets out of a text, then cuts it: the other way round what is left of a secret would no longer look like one.
 *
 * @param max characters
 */
export function cleanText(text: string, max: number): string {
  const clean = redact(text);
  return clean.length <= max ? clean : Array.from(clean).slice(0, max).join('');
}
