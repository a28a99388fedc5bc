import { createClient } from '@supabase/supabase-js';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';

const stores = await openStores();
const roles = ['anon', 'authenticated'] as const;

const objects = async (sql: string) => (await stores.sql.query<{ name: string }>(sql)).rows;
const tables = await objects(
  `select relname as name from pg_class
   where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`,
);
const functions = await objects(
  `select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace`,
);

describe('rights in the database', () => {
  it('has tables and functions to look at', () => {
    expect(tables.length).toBeGreaterThan(5);
    expect(functions.length).toBeGreaterThan(10);
  });

  it('has row-level security on every table', async () => {
    const open = await objects(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
    );
    expect(open).toEqual([]);
  });

  it.each(roles)('gives %s no right on any table, column or function', async (role) => {
    for (const { name } of tables) {
      for (const right of ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) {
        const { rows } = await stores.sql.query<{ has: boolean }>(
          `select has_table_privilege($1, 'public.' || quote_ident($2), $3) as has`,
          [role, name, right],
        );
        expect(rows[0]?.has, `${role} ${right} ${name}`).toBe(false);
      }
    }
    for (const { name } of functions) {
      const { rows } = await stores.sql.query<{ has: boolean }>(
        `select has_function_privilege($1, $2, 'execute') as has`,
        [role, name],
      );
      expect(rows[0]?.has, `${role} execute ${name}`).toBe(false);
    }
  });

  it.each(roles)('refuses %s through PostgREST', async (role) => {
    const client = createClient(stores.env.SUPABASE_URL, stores.keyFor(role));
    const read = await client.from('actp_users').select('*');
    expect(read.error?.code).toBe('42501');
    const called = await client.rpc('find_user', { p_email: 'a@b.c' });
    expect(called.error?.code).toBe('42501');
  });

  it('lets other services insert into the audit log, and nobody change it', async () => {
    const url = `${stores.env.SUPABASE_URL}/rest/v1/actp_agent_audit_log`;
    const key = stores.env.SUPABASE_SERVICE_ROLE_KEY;
    const headers = {
      apikey: key,
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({
      agent_id: 'ads-agent',
      action_type: 'ads.deploy',
      status: 'ok',
      result: { campaign: 1 },
      started_at: new Date().toISOString(),
    });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201);
    const changed = await fetch(`${url}?agent_id=eq.ads-agent`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ status: 'error' }),
    });
    expect(changed.status).toBe(403);
    expect((await fetch(`${url}?agent_id=eq.ads-agent`, { method: 'DELETE', headers })).status).toBe(403);
    // Not even the owner, by accident.
    await expect(stores.sql.query(`delete from actp_agent_audit_log`)).rejects.toThrow('append-only');
    await expect(stores.sql.query(`truncate actp_agent_audit_log`)).rejects.toThrow('append-only');
  });
});
