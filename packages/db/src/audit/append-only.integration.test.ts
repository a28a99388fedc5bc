import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';

const { sql } = await openDatabase();

beforeAll(async () => {
  await sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
     values ('a', 'b.c', 'ok', now()), ('a', 'b.c', 'ok', now() - interval '300 days')`,
  );
  await sql.query(`insert into actp_audit.checkpoints (n, payload, signature) values (1, '{}', 'AAAA')`);
  await sql.query(
    `insert into actp_audit.acknowledgements (damage, reason, acknowledged_by) values ('[{"checkpoint": 1, "reason": "x"}]', 'seen', 'operator:a@example.com')`,
  );
});

// By the owner of the tables, who would have to disable a trigger first. (300 days ago has no partition of its own.)
describe.each([
  ['the audit log', 'public.actp_agent_audit_log', `status = 'error'`],
  ['rows without a partition of their own', 'actp_audit.log_other', `status = 'error'`],
  ['checkpoints', 'actp_audit.checkpoints', `signature = 'BBBB'`],
  ['acknowledgements', 'actp_audit.acknowledgements', `reason = 'not seen'`],
])('%s', (_what, table, change) => {
  it.each([
    ['changed', `update ${table} set ${change}`],
    ['taken out', `delete from ${table}`],
    ['emptied', `truncate ${table}`],
    ['emptied with what depends on it', `truncate ${table} cascade`],
  ])('cannot be %s, not even by their owner', async (_how, statement) => {
    const rows = `select count(*)::int as n, md5(string_agg(t::text, '|' order by t::text)) as all from ${table} t`;
    const before = (await sql.query<{ n: number }>(rows)).rows;
    expect(before[0]?.n).toBeGreaterThan(0);
    await expect(sql.query(statement)).rejects.toThrow();
    expect((await sql.query(rows)).rows).toEqual(before);
  });
});

it('the partition of a day cannot be emptied by itself', async () => {
  const { rows } = await sql.query<{ partition: string }>(
    `select tableoid::regclass::text as partition from public.actp_agent_audit_log order by created_at desc limit 1`,
  );
  await expect(sql.query(`truncate ${rows[0]?.partition}`)).rejects.toThrow();
});
