import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { dumpSchema } from './dump-schema.ts';

const stores = await openDatabase();
const file = join(import.meta.dirname, '..', '..', 'schema.sql');

/** The dump after a change that is taken back. */
async function dumpAfter(change: string): Promise<string> {
  const client = await stores.sql.connect();
  try {
    await client.query(change);
    return await dumpSchema(client);
  } finally {
    client.release();
  }
}

describe('packages/db/schema.sql', () => {
  it('is the schema that the migrations make; npm test -- packages/db/src/schema -u writes it', async () => {
    await expect(await dumpAfter('select 1')).toMatchFileSnapshot(file);
  });

  it('does not depend on the day', async () => {
    const kept = await dumpAfter('select 1');
    expect(await dumpAfter(`select actp_audit.make_partition('2031-03-04')`)).toBe(kept);
  });

  it.each([
    [
      'a column',
      'alter table actp_users add column nickname text',
      'alter table actp_users drop column nickname',
    ],
    [
      'a default',
      `alter table actp_users alter role set default 'operator'`,
      `alter table actp_users alter role set default 'user'`,
    ],
    [
      'a grant',
      'grant select on actp_kill_switches to anon',
      'revoke select on actp_kill_switches from anon',
    ],
    [
      'a grant of a column',
      'grant select (email) on actp_users to anon',
      'revoke select (email) on actp_users from anon',
    ],
    [
      'row-level security',
      'alter table actp_users disable row level security',
      'alter table actp_users enable row level security',
    ],
    ['a policy', 'create policy p on actp_users using (true)', 'drop policy p on actp_users'],
    ['an index', 'create index extra on actp_users (role)', 'drop index extra'],
    [
      'a trigger that is off',
      'alter table actp_agent_audit_log disable trigger actp_agent_audit_log_append_only',
      'alter table actp_agent_audit_log enable trigger actp_agent_audit_log_append_only',
    ],
    [
      'one partition that differs',
      'alter table actp_audit.log_20310304 disable row level security',
      'alter table actp_audit.log_20310304 enable row level security',
    ],
  ])('would show %s', async (_, change, back) => {
    const kept = await dumpAfter('select 1');
    expect(await dumpAfter(change)).not.toBe(kept);
    expect(await dumpAfter(back)).toBe(kept);
  });
});
