import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog, type Verification } from '@actp/db/audit/verify-log';
import type { Db } from '@actp/db/client';
import { ageOf } from './age.ts';
import type { DatabaseFacts } from './facts.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const name = 'audit log';
// A log of some hundred thousand rows; a larger one has npm run audit:verify.
const verifyMs = 4_000;
// Of the few seconds that a call may take.
const rowsAtOnce = 5_000;

/** Whether the log is what it was, as far as that can be verified in a few seconds, and whether its checkpoints are signed. */
export async function lookAtAudit(
  deps: { db: Db; dataDir: string; withinMs?: number },
  facts: DatabaseFacts,
): Promise<Finding> {
  const now = Date.parse(facts.now);
  const verified = await verify(deps.db, deps.dataDir, deps.withinMs ?? verifyMs);
  if (verified !== undefined && !verified.ok) return damaged(verified);
  const alarmed =
    facts.audit_alarm !== null &&
    (facts.audit_acknowledged === null ||
      Date.parse(facts.audit_alarm) > Date.parse(facts.audit_acknowledged));
  if (verified === undefined && alarmed) {
    return fail(name, 'the auditor has found damage that no operator has acknowledged', remedy);
  }
  if (facts.unsigned_since !== null) {
    const age = ageOf(facts.unsigned_since, now);
    return warn(name, `rows wait for a signature since ${age}`, 'See auditor.log in ACTP_DATA_DIR/logs');
  }
  return ok(name, `${extentOf(verified)}; ${checkpointOf(facts, now)}`);
}

const remedy = 'npm run audit:verify names the rows; docs/runbook.md says what to do';

function damaged({ problems, first_bad: first }: Verification): Finding {
  const open = problems.filter(({ acknowledged }) => acknowledged === null).length;
  const place =
    first?.day === undefined ? '' : ` in ${first.day}, lane ${first.lane ?? '?'}, row ${first.seq ?? '?'}`;
  const what = `tampered with or incomplete: ${open} ${open === 1 ? 'place' : 'places'}, the first${place}`;
  return fail(name, `${what}: ${first?.reason ?? ''}`, remedy);
}

function extentOf(verified: Verification | undefined): string {
  if (verified === undefined) return 'too long to be verified here (npm run audit:verify)';
  const acknowledged =
    verified.problems.length === 0 ? '' : `, ${verified.problems.length} damaged and acknowledged`;
  return `intact, ${verified.checked} rows verified${acknowledged}`;
}

const checkpointOf = ({ checkpoint }: DatabaseFacts, now: number) =>
  checkpoint === null
    ? 'no checkpoint yet'
    : `checkpoint ${checkpoint.n} signed ${ageOf(checkpoint.created_at, now)} ago`;

/** Undefined when it would take too long. */
async function verify(db: Db, dataDir: string, withinMs: number): Promise<Verification | undefined> {
  const file = checkpointFile(dataDir);
  const [{ publicKey, last: outside }, accepted] = await Promise.all([file.read(), file.acceptedKeys()]);
  const signal = AbortSignal.timeout(withinMs);
  try {
    return await verifyAuditLog({ db, publicKey, accepted, outside, signal, chunk: rowsAtOnce });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
