import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openAuditor } from './auditor.fixture.ts';

const stores = await openStores();
const never = 3_600_000;

async function anchored(anchor: string): Promise<number | undefined> {
  const text = await readFile(anchor, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { payload } = JSON.parse(text) as { payload: string };
  return (JSON.parse(payload) as { total: number }).total;
}

it('what the plane did until the auditor stops is named by the anchor', async () => {
  const { anchor, stop } = await openAuditor(stores, {
    checkEveryMs: never,
    rows: 1,
    afterMs: never,
    retryEveryMs: never,
    anchorEveryMs: never,
  });
  const before = Number(
    await eventually(async () => (await anchored(anchor)) !== undefined && String(await anchored(anchor))),
  );
  await stores.sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) select 'a', 'b.c', 'ok' from generate_series(1, 5)`,
  );
  await stop();
  expect(await anchored(anchor)).toBeGreaterThanOrEqual(before + 5);
});
