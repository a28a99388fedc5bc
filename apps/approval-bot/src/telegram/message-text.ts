import { redact } from '@actp/redaction/redact';
import { maxMessageLength } from '@actp/services/approvals/card/message-length';
import { visibleText } from '@actp/shared/visible-text';

/**
 * Text as one message may carry it: without secrets, with invisible characters made visible, cut to Telegram's limit
 * with a note of how much is missing. Never empty. Meant to be sent without a parse mode, so nothing in it is markup.
 */
export function messageText(body: string): string {
  const clean = cleanMessage(body);
  if (clean.length <= maxMessageLength) return clean;
  // The note says how much is missing, so its length depends on itself: room for any number is left.
  const kept = wholeCharacters(clean, maxMessageLength - 48);
  return `${kept}\n… (cut: ${clean.length - kept.length} more characters)`;
}

/** The same, as long as it is: for where there is no such limit. */
export function cleanMessage(body: string): string {
  const clean = visibleText(redact(body.toWellFormed().replaceAll('\r\n', '\n')));
  return clean.trim() === '' ? '(empty message)' : clean;
}

// A cut between the halves of a surrogate pair would leave a text that Telegram refuses.
function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
