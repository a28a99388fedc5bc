import type { Db } from '@actp/db/client';

/** What Telegram refuses at present and why, oldest first. */
export const listTelegramRefusals = (db: Db) =>
  db.call((client) => client.from('actp_telegram_refusals').select('what, reason').order('since'));
