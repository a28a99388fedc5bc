import type { Db } from '@actp/db/client';
import { hintNotification, type HintDeps } from './hint.ts';

/**
 * Leaves a message for the operators and has it sent soon.
 *
 * @param message.key one message for each key, however often this is called
 * @returns the notification's id
 * @throws UnavailableError when the database does not take it
 */
export async function notify(
  { db, ...hint }: HintDeps & { db: Db },
  message: { key: string; kind: string; body: string },
): Promise<string> {
  const id = await db.call((client) =>
    client.rpc('enqueue_notification', {
      p_dedupe_key: message.key,
      p_kind: message.kind,
      p_body: message.body,
    }),
  );
  await hintNotification(hint, id);
  return id;
}
