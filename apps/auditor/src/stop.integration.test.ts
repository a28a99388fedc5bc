import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { startAuditor } from './auditor.ts';

const stores = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-auditor-stop-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const anchor = join(folder, 'anchor.json');
const never = 3_600_000;

const anchored = async (): Promise<number | undefined> => {
  const text = await readFile(anchor, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { payload } = JSON.parse(text) as { payload: string };
  return (JSON.parse(payload) as { total: number }).total;
};

it('what the plane did until the auditor stops is named by the anchor', async () => {
  const auditor = await startAuditor(
    {
      ...stores.env,
      ACTP_DATA_DIR: join(folder, 'data'),
      ACTP_ANCHOR_FILE: anchor,
      AUDIT_SIGNING_KEY: 'audit-signing-key-of-the-tests-0123456789',
      AUDIT_RETENTION_DAYS: 90,
      SCHEDULE_TZ: 'UTC',
    },
    createLogger({ app: 'test', level: 'silent' }),
    { checkEveryMs: never, rows: 1, afterMs: never, retryEveryMs: never, anchorEveryMs: never },
  );
  const before = Number(
    await eventually(async () => (await anchored()) !== undefined && String(await anchored())),
  );
  await stores.sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) select 'a', 'b.c', 'ok' from generate_series(1, 5)`,
  );
  await auditor.stop();
  expect(await anchored()).toBeGreaterThanOrEqual(before + 5);
});
