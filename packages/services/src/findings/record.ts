import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { toFinding } from '@actp/review/findings/finding';
import type { SourceReview } from '@actp/review/findings/source-review';
import { hintNotification, type HintDeps } from '../notifications/hint.ts';

const Recorded = z.object({
  recorded: z.boolean(),
  new: z.int(),
  fixed: z.int(),
  notification_id: z.uuid().nullable(),
});

/**
 * Merges what a source has seen in a project into the findings, and has the operators told of what is new and high or critical.
 *
 * @param startedAt when the review began, by the database's clock: one that began before the recorded one changes nothing
 */
export async function recordReview(
  { db, ...hint }: { db: Db } & HintDeps,
  { project, startedAt, review }: { project: string; startedAt: string; review: SourceReview },
): Promise<{ new: number; fixed: number }> {
  const { source, verdict, reason, observations } = review;
  const findings = observations.map((seen) => {
    const { project: _, ...finding } = toFinding(project, seen);
    return finding;
  });
  const answer: unknown = await db.call((client) =>
    client.rpc('record_review', {
      p_review: { project, source, verdict, reason, started_at: startedAt, findings },
    }),
  );
  const recorded = Recorded.parse(answer);
  if (recorded.notification_id !== null) await hintNotification(hint, recorded.notification_id);
  return { new: recorded.new, fixed: recorded.fixed };
}
