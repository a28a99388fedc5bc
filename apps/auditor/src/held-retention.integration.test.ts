import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openAuditor } from './auditor.fixture.ts';

const stores = await openStores();
// A plane that has had an anchor, which is gone: nobody knows whether this is an older copy.
await stores.sql.query(
  `update actp_audit.plane set anchored_rows = 1, confirmed_for = null, made_empty = false`,
);
const { producer } = await openAuditor(stores, {
  checkEveryMs: 50,
  rows: 1,
  afterMs: 0,
  retryEveryMs: 5_000,
  anchorEveryMs: 50,
});

const one = async <T>(text: string): Promise<T | undefined> =>
  (await stores.sql.query<{ value: T }>(`select ${text}`)).rows[0]?.value;

it('of a database that may be an older copy nothing is signed, and no day dropped', async () => {
  await stores.sql.query(`select actp_audit.make_partition(current_date - 100)`);
  await stores.sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
    select 'old', 'x.y', 'ok', now() - interval '100 days' from generate_series(1, 3)`);
  await eventually(async () => (await one(`plane_hold() ->> 'code' as value`)) === 'anchor_missing');
  const { id } = await producer.add('retire-audit-days', {});
  const result = await eventually(() =>
    producer.use('audit', async (queue) => {
      if ((await queue.getJobState(String(id))) !== 'completed') return undefined;
      return (await queue.getJob(String(id)))?.returnvalue as object | undefined;
    }),
  );
  expect(result).toMatchObject({ dropped: 0 });
  expect(await one(`count(*)::int as value from actp_agent_audit_log where agent_id = 'old'`)).toBe(3);
  expect(await one('count(*)::int as value from actp_audit.checkpoints')).toBe(0);
});
