import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { hintNotification, type HintDeps } from './hint.ts';

const Revised = z.object({ id: z.uuid(), revision: z.int(), changed: z.boolean() });

/** Replaces the text of a message that operators may have already, or leaves it when there is none; the same text changes nothing. */
export async function reviseNotification(
  { db, ...hint }: HintDeps & { db: Db },
  message: { key: string; kind: string; body: string },
): Promise<void> {
  const { id, revision, changed } = Revised.parse(
    await db.call((client) =>
      client.rpc('revise_notification', {
        p_dedupe_key: message.key,
        p_kind: message.kind,
        p_body: message.body,
      }),
    ),
  );
  if (changed) await hintNotification(hint, id, revision);
}
