import type { Db } from '@actp/db/client';
import { cleanText } from '@actp/shared/audit/clean-text';
import { visibleText } from '@actp/shared/visible-text';

// As the table has it.
const nameLength = 64;

/** A name as people give it to themselves in Telegram, on one line: it is shown beside their id, never instead of it. */
export function personName(name: string): string {
  const visible = visibleText(cleanText(name.toWellFormed(), nameLength))
    // What an id beside it is written with.
    .replaceAll(/[():@]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return Array.from(visible).slice(0, nameLength).join('');
}

/** Records what somebody who may give commands is called in Telegram. */
export const recordPerson = (db: Db, telegramId: number, name: string) =>
  db.call((client) =>
    client.rpc('note_telegram_person', { p_telegram_id: telegramId, p_name: personName(name) }),
  );
