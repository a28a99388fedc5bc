import type { Db } from '@actp/db/client';
import { reviseNotification } from '@actp/services/notifications/revise';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { redact } from '@actp/redaction/redact';
import { firstOf } from '@actp/suites/plain-text';
import { alertTexts } from '../../run/alert-text.ts';
import type { HealthSnapshot } from '../../run/snapshot.ts';
import type { HealableRun } from '@actp/services/heals/read-healable-run';
import { healText } from './heal-text.ts';
import type { Heal } from '@actp/services/heals/heal-store';

// One Telegram message holds 4096 UTF-16 units.
const maxText = 4_000;
const maxAlert = 2_300;

/**
 * Brings the one message that people have about this run up to date: what failed, and what has become of it. The same text
 * again changes nothing.
 */
export async function notifyOperators(
  deps: { db: Db; producer: Producer; log: Logger },
  run: HealableRun,
  heals: readonly Heal[],
): Promise<void> {
  if (heals.length === 0) return;
  // Our own row; healed or not, the message begins with what failed.
  const snapshot = { ...run.row, status: 'failed' } as unknown as HealthSnapshot;
  const alert = firstOf(alertTexts(snapshot).problem ?? '', maxAlert);
  const body = firstOf(redact(`${alert}\n\n${healText(heals)}`), maxText);
  await reviseNotification(deps, { key: `selftest:${snapshot.run_id}`, kind: 'selftest.problem', body });
}
