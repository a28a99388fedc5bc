import { z } from 'zod';
import type { Db } from '@actp/db/client';
import type { AcceptedFinding } from '@actp/review/projects/accepted-findings';
import { hintNotification, type HintDeps } from '../notifications/hint.ts';

const Applied = z.object({
  now: z.string(),
  begun: z.int(),
  ended: z.int(),
  notification_id: z.uuid().nullable(),
});

/**
 * Puts the file of accepted findings into effect: what begins and what ends is audited, and a finding that is accepted no longer is open again.
 *
 * @returns `now`: the database's time
 */
export async function applyAccepted(
  { db, ...hint }: { db: Db } & HintDeps,
  accepted: readonly AcceptedFinding[],
): Promise<{ now: string; begun: number; ended: number }> {
  const answer: unknown = await db.call((client) =>
    client.rpc('apply_accepted_findings', { p_accepted: accepted.map((entry) => ({ ...entry })) }),
  );
  const { notification_id, ...applied } = Applied.parse(answer);
  if (notification_id !== null) await hintNotification(hint, notification_id);
  return applied;
}
