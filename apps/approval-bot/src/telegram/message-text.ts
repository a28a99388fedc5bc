import { redact } from '@actp/shared/redact';

// The Bot API's limit for one message, in UTF-16 units.
const maxLength = 4_096;

// Characters that change how others look or that nobody sees: controls, bidi overrides, zero-width ones.
const invisible = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;

/**
 * Text as one message may carry it: without secrets, with invisible characters made visible, cut to Telegram's limit
 * with a note of how much is missing. Never empty. Meant to be sent without a parse mode, so nothing in it is markup.
 */
export function messageText(body: string): string {
  const clean = showInvisible(redact(body.toWellFormed().replaceAll('\r\n', '\n')));
  if (clean.trim() === '') return '(empty message)';
  if (clean.length <= maxLength) return clean;
  // The note says how much is missing, so its length depends on itself: room for any number is left.
  const kept = wholeCharacters(clean, maxLength - 48);
  return `${kept}\n… (cut: ${clean.length - kept.length} more characters)`;
}

/** `U+202E` in brackets instead of a character that reverses or hides text. */
export function showInvisible(text: string): string {
  return text.replaceAll(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

// A cut between the halves of a surrogate pair would leave a text that Telegram refuses.
function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
