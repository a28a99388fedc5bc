import type { Db } from '@actp/db/client';
import { hintNotification } from '@actp/services/notifications/hint';
import { snapshotStatus, storeSnapshot } from '@actp/services/self-test/record-snapshot';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { redactValue } from '@actp/redaction/redact-value';
import { alertTexts, type AlertTexts } from './alert-text.ts';
import type { HealthSnapshot } from './snapshot.ts';
import { retryWhileUnavailable } from './retry-while-unavailable.ts';

export interface RecordDeps {
  db: Db;
  producer: Producer;
  log: Logger;
}

// A verdict that took minutes to find is worth waiting for a database that is being restarted.
const recordWithinMs = 10 * 60_000;
const silent: AlertTexts = { problem: null, recovery: null, note: null };

/**
 * Stores the snapshot and the message to people in one transaction, and hurries the message on. A repeat changes
 * nothing. When the hint to send it gets lost, the bot finds the message by itself.
 *
 * @param options.quiet nobody is told: the runner was stopped on purpose
 * @returns whether this is the snapshot of the run now; false when the run had been given up as dead before
 * @throws UnavailableError when the database stays away
 */
export async function recordSnapshot(
  { db, producer, log }: RecordDeps,
  snapshot: HealthSnapshot,
  options: { quiet: boolean; signal: AbortSignal },
): Promise<boolean> {
  const patience = { signal: options.signal, withinMs: recordWithinMs };
  const texts = redactValue(options.quiet ? silent : alertTexts(snapshot));
  const { recorded, notification_id } = await retryWhileUnavailable(
    () => storeSnapshot(db, snapshot, texts),
    patience,
  );
  log.info({ run_id: snapshot.run_id, status: snapshot.status, recorded }, 'self-test');
  if (snapshot.status !== 'passed') {
    log.warn({ run_id: snapshot.run_id, alert: texts.problem }, 'self-test did not pass');
  }
  if (notification_id !== null) await hintNotification({ producer, log }, notification_id);
  if (recorded) return true;
  // Either others ended the run, or an earlier attempt was carried out and its answer lost.
  const status = await retryWhileUnavailable(() => snapshotStatus(db, snapshot.run_id), patience);
  return status === snapshot.status;
}
