import { redact } from '@actp/redaction/redact';

// The service refuses more.
const mostCharacters = 400;
const mostWords = 50;

/** A topic as a query that the service takes: one line, cut between words where it is too long, without secrets. */
export function queryOf(topic: string): string {
  const words = redact(topic.toWellFormed())
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .split(' ')
    .slice(0, mostWords);
  let query = '';
  for (const word of words) {
    const longer = query === '' ? word : `${query} ${word}`;
    if (longer.length > mostCharacters) break;
    query = longer;
  }
  // One word that is too long by itself.
  return query === '' ? (words[0] ?? '').slice(0, mostCharacters).toWellFormed() : query;
}
