import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openAuditor } from './auditor.fixture.ts';

const stores = await openStores();
const { producer } = await openAuditor(stores);

/** The line of the summary that is made now. */
async function chainLine(): Promise<string | undefined> {
  await stores.sql.query(`delete from actp_notifications where kind = 'audit.summary'`);
  await producer.add('weekly-audit-summary', {});
  const body = await eventually(async () => {
    const { rows } = await stores.sql.query<{ body: string }>(
      `select body from actp_notifications where kind = 'audit.summary'`,
    );
    return rows[0]?.body;
  });
  return body.split('\n').find((line) => line.includes('Chain: '));
}

it('the weekly summary says whether the log is what it was', async () => {
  await stores.sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) select 'a', 'b.c', 'ok' from generate_series(1, 3)`,
  );
  expect(await chainLine()).toMatch(/^Chain: intact \(\d+ rows checked\)$/);
  const owner = await stores.sql.connect();
  await owner.query('set session_replication_role = replica');
  await owner.query(`update actp_agent_audit_log set status = 'error' where agent_id = 'a'`);
  owner.release(true);
  expect(await chainLine()).toMatch(/^🔴 Chain: BROKEN\. .+/u);
});
