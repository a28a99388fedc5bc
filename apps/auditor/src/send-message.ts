import type { Db } from '@actp/db/client';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';

/** Leaves a message for the operators' chat, once for each key; gives its id. Without Redis it is sent a little later. */
export async function sendMessage(
  { db, producer }: { db: Db; producer: Producer },
  key: string,
  kind: string,
  body: string,
): Promise<string> {
  const id = await db.call((client) =>
    client.rpc('enqueue_notification', { p_dedupe_key: key, p_kind: kind, p_body: body }),
  );
  await producer
    .add('send-notification', { notification_id: id }, { jobId: `notification-${id}` })
    .catch((error: unknown) => {
      if (!(error instanceof UnavailableError)) throw error;
    });
  return id;
}
