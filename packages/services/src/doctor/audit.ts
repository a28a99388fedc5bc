import { lastCheckpoint } from '@actp/db/audit/checkpoint';
import { checkpointDigest } from '@actp/db/audit/checkpoint';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import type { Db } from '@actp/db/client';
import { ageOf } from './age.ts';
import type { DatabaseAnswer } from './facts.ts';
import { fail, ok, warn, type Check } from './finding.ts';

const name = 'audit log';

export interface AuditDeps {
  db: Db;
  dataDir: string;
  facts: () => Promise<DatabaseAnswer>;
}

/** Whether checkpoints are signed, agree with their copy outside the database, and damage was looked at. Does not verify the whole log. */
export const auditCheck = ({ db, dataDir, facts }: AuditDeps): Check => ({
  name,
  async look() {
    const { facts: known } = await facts();
    const now = Date.parse(known.now);
    const damage = await differs(db, dataDir);
    const alarmed =
      known.audit_alarm !== null &&
      (known.audit_acknowledged === null || known.audit_alarm > known.audit_acknowledged);
    if (damage || alarmed) {
      return fail(
        name,
        'is damaged, and no operator has acknowledged it; no checkpoints are signed',
        'npm run audit:verify names the rows; docs/runbook.md says what to do',
      );
    }
    if (known.unsigned_since !== null) {
      return warn(
        name,
        `rows wait for a signature since ${ageOf(known.unsigned_since, now)}`,
        'See auditor.log in ACTP_DATA_DIR/logs',
      );
    }
    if (known.checkpoint === null) return ok(name, 'no checkpoint yet; the first one comes within five minutes');
    return ok(name, `checkpoint ${known.checkpoint.n} signed ${ageOf(known.checkpoint.created_at, now)} ago`);
  },
});

// The file is written after the database: one checkpoint more there is a crash, one less here is damage.
async function differs(db: Db, dataDir: string): Promise<boolean> {
  const outside = (await checkpointFile(dataDir).read()).last;
  if (outside === undefined) return false;
  const stored = await lastCheckpoint(db);
  if (stored === undefined || outside.n > stored.n) return true;
  return outside.n === stored.n && checkpointDigest(outside) !== checkpointDigest(stored);
}
