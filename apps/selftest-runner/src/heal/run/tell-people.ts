import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { messageOf } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import { firstOf } from '../../plain-text.ts';
import { alertTexts } from '../../run/alert-text.ts';
import type { HealthSnapshot } from '../../run/snapshot.ts';
import type { HealableRun } from './failed-suites.ts';
import { healText } from './heal-text.ts';
import type { Heal } from './heal-store.ts';

const Revised = z.object({ id: z.uuid(), revision: z.int(), changed: z.boolean() });

// One Telegram message holds 4096 UTF-16 units.
const maxText = 4_000;
const maxAlert = 2_300;

/**
 * Brings the one message that people have about this run up to date: what failed, and what has become of it. The same text
 * again changes nothing.
 */
export async function tellPeople(
  { db, producer, log }: { db: Db; producer: Producer; log: Logger },
  run: HealableRun,
  heals: readonly Heal[],
): Promise<void> {
  if (heals.length === 0) return;
  // Our own row; healed or not, the message begins with what failed.
  const snapshot = { ...run.row, status: 'failed' } as unknown as HealthSnapshot;
  const alert = firstOf(alertTexts(snapshot).problem ?? '', maxAlert);
  const body = firstOf(redact(`${alert}\n\n${healText(heals)}`), maxText);
  const answer = await db.call((client) =>
    client.rpc('revise_notification', {
      p_dedupe_key: `selftest:${snapshot.run_id}`,
      p_kind: 'selftest.problem',
      p_body: body,
    }),
  );
  const { id, revision, changed } = Revised.parse(answer);
  if (!changed) return;
  try {
    await producer.add(
      'send-notification',
      { notification_id: id },
      { jobId: `notification-${id}-${revision}` },
    );
  } catch (error) {
    log.warn({ notification_id: id, reason: messageOf(error) }, 'the message waits for the reconciler');
  }
}
