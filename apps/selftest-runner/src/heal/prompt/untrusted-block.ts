import { redact } from '@actp/redaction/redact';
import { plainText } from '@actp/suites/plain-text';
import { markUntrusted } from './mark-untrusted.ts';

/** Text from outside, fit for a prompt: no secret, no control characters, what looks like an instruction marked. */
export function cleanText(text: string): string {
  // Every character that some reader takes for the end of a line becomes one.
  const lines = plainText(redact(text)).replace(/[\u0085\u2028\u2029\v\f]/g, '\n');
  // Invisible characters and those that turn the direction of text hide what stands there.
  return markUntrusted(
    lines.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, ''),
  );
}

/**
 * Puts cleanText text between two marks, with a bar in front of every line: no line of it can be the closing mark, whatever it
 * says.
 */
export function untrustedBlock(text: string): string {
  const lines = text.split('\n').map((line) => `| ${line}`);
  return ['----- BEGIN UNTRUSTED DATA -----', ...lines, '----- END UNTRUSTED DATA -----'].join('\n');
}
