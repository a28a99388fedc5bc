import type { Db } from '@actp/db/client';

/** Records that updates are being fetched. @returns whether nobody had fetched any for so long */
export const recordPoll = (db: Db, gapSeconds: number): Promise<boolean> =>
  db.call((client) => client.rpc('note_telegram_poll', { p_gap_seconds: gapSeconds }));

/** Forgets ids of updates that Telegram cannot send again. */
export const forgetOldUpdates = (db: Db) => db.call((client) => client.rpc('forget_telegram_updates'));
