import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';

const { sql } = await openDatabase();
const mayBeCalled = `exists (
  select from pg_roles r
  where (r.rolname like 'actp\\_%' or r.rolname = 'service_role') and has_function_privilege(r.oid, p.oid, 'execute'))`;

async function named(condition: string, change = 'select 1'): Promise<string[]> {
  const client = await sql.connect();
  try {
    await client.query('begin');
    await client.query(change);
    const { rows } = await client.query<{ name: string }>(
      `select p.proname as name from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'actp_audit'::regnamespace, 'actp_access'::regnamespace)
         and ${condition} order by 1`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('[TRU-001] a function with the rights of the owner', () => {
  // Whatever a caller has put in front of the path, or among temporary tables, would act with those rights.
  const open = `p.prosecdef and 'search_path=""' <> all (coalesce(p.proconfig, '{}'))`;
  // No app may read or write a table itself.
  const powerless = `p.pronamespace = 'public'::regnamespace and not p.prosecdef and ${mayBeCalled}`;
  const trusted = 'p.prosecdef and not p.proowner = (select oid from pg_roles where rolname = current_user)';

  it('finds everything by its full name alone', async () => {
    expect((await named('p.prosecdef')).length).toBeGreaterThan(90);
    expect(await named(open)).toEqual([]);
    expect(await named(open, 'alter function decide_approval reset search_path')).toEqual([
      'decide_approval',
    ]);
    expect(await named(open, 'alter function redeem_approval set search_path = public')).toEqual([
      'redeem_approval',
    ]);
  });

  it('is each that an app may call, and belongs to the owner of the tables', async () => {
    expect(await named(powerless)).toEqual([]);
    expect(await named(powerless, 'alter function release_effect security invoker')).toEqual([
      'release_effect',
    ]);
    expect(await named(trusted)).toEqual([]);
  });
});
