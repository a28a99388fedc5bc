import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { describe, expect, it } from 'vitest';
import { databaseApps } from './app-key.ts';
import { openStores } from '@actp/testing/stores';
import { listRights } from './list-rights.fixture.ts';

const stores = await openStores();
const file = join(import.meta.dirname, '..', '..', 'rights.txt');

async function rights(change = 'select 1'): Promise<string> {
  const client = await stores.sql.connect();
  try {
    await client.query('begin');
    await client.query(change);
    return await listRights(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const linesOf = (text: string, role: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${role}: `))
    .map((line) => line.slice(role.length + 2));

describe('[TRU-001] packages/db/rights.txt', () => {
  it('lists what every role may do; npm test -- packages/db/src/access -u writes it', async () => {
    await expect(await rights()).toMatchFileSnapshot(file);
  });

  it.each([
    'grant execute on function public.decide_approval to service_role',
    'grant execute on function public.decide_approval to actp_runner',
    'grant update (status) on public.actp_approval_queue to service_role',
    'create table public.stray (id integer); grant select on public.stray to service_role',
    'grant delete on public.actp_users to actp_gateway',
    'create function public.stray() returns integer language sql as $$ select 1 $$; grant execute on function public.stray() to public',
    'grant select on actp_access.app_keys to service_role',
  ])('changes with: %s', async (change) => {
    expect(await rights(change)).not.toBe(await rights());
  });

  it('leaves what is created later closed', async () => {
    const change =
      'create table public.later (id integer); create function public.later() returns integer language sql as $$ select 1 $$';
    expect(await rights(change)).toBe(await rights());
  });

  it('gives the service-role key what other programs need, and no function', async () => {
    expect(linesOf(await rights(), 'service_role').filter((line) => !line.includes(' schema '))).toEqual([
      'call actp_access.app_role(text,text)',
      'call actp_access.assume_app_role()',
      'insert actp_agent_audit_log (event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent, request_id, task_id, approval_id)',
      'insert actp_approval_queue (action, details, requested_by)',
      'select actp_agent_audit_log',
      'select actp_agent_health_snapshots',
      'select actp_approval_queue',
    ]);
  });

  it('lets the gateway and the bot decide, and no other app', async () => {
    const all = await rights();
    const deciding = (role: string) =>
      linesOf(all, role).filter((line) =>
        /^call (decide_approval|press_approval|lift_kill_switch|press_kill_switch|ensure_operator)\(/.test(
          line,
        ),
      );
    const may = databaseApps.filter((app) => deciding(`actp_${app}`).length > 0);
    expect(may).toEqual(['gateway', 'bot']);
  });
});

describe('[TRU-001] the service-role key, from outside', async () => {
  const client = createClient(stores.env.SUPABASE_URL, stores.env.SUPABASE_SERVICE_ROLE_KEY);
  const { rows: functions } = await stores.sql.query<{ name: string; args: Record<string, null> }>(
    `select p.proname as name,
       coalesce((select jsonb_object_agg(n, null) from unnest(p.proargnames[1 : p.pronargs]) n), '{}') as args
     from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
       and not exists (select from unnest(p.proargtypes) t join pg_type y on y.oid = t where y.typtype = 'c')`,
  );
  const { rows: tables } = await stores.sql.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  );

  it('calls no function', async () => {
    expect(functions.length).toBeGreaterThan(90);
    for (const { name, args } of functions) {
      const { error } = await client.rpc(name, args);
      expect(error?.code, name).toBe('42501');
    }
  });

  it('changes and deletes nothing, and reads three tables', async () => {
    const readable: string[] = [];
    for (const { name } of tables) {
      const { error } = await client.from(name).select('*').limit(1);
      if (error === null) readable.push(name);
      else expect(error.code, name).toBe('42501');
      const { rows } = await stores.sql.query<{ attname: string }>(
        'select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped limit 1',
        [name],
      );
      const column = rows[0]?.attname ?? '';
      const changed = await client
        .from(name)
        .update({ [column]: null })
        .not(column, 'is', null);
      expect(changed.error?.code, `update ${name}`).toBe('42501');
      const deleted = await client.from(name).delete().not(column, 'is', null);
      expect(deleted.error?.code, `delete ${name}`).toBe('42501');
    }
    expect(readable.toSorted()).toEqual([
      'actp_agent_audit_log',
      'actp_agent_health_snapshots',
      'actp_approval_queue',
    ]);
  });

  it.each([
    ['an approval that is already approved', { status: 'approved' }],
    ['who decided', { decided_by: 'operator:a@b.c' }],
    ['a digest', { action_digest: 'a'.repeat(64) }],
    ['how many must agree', { approvers: 1 }],
  ])('inserts no approval with %s', async (_, columns) => {
    const row: Record<string, unknown> = {
      action: 'ads.deploy',
      details: {},
      requested_by: 'ads',
      ...columns,
    };
    const { error } = await client.from('actp_approval_queue').insert(row);
    expect(error?.code).toBe('42501');
  });

  it('inserts an approval request and an audit row', async () => {
    const request = { action: 'ads.deploy', details: { budget: 5 }, requested_by: 'ads' };
    expect((await client.from('actp_approval_queue').insert(request)).error).toBeNull();
    const row = {
      agent_id: 'ads',
      action_type: 'ads.deploy',
      status: 'ok',
      result: {},
      started_at: new Date().toISOString(),
    };
    expect((await client.from('actp_agent_audit_log').insert(row)).error).toBeNull();
  });
});

describe('[TRU-001] the key of an app', () => {
  const call = async (headers: Record<string, string>, key = stores.env.SUPABASE_SERVICE_ROLE_KEY) => {
    const response = await fetch(`${stores.env.SUPABASE_URL}/rest/v1/rpc/active_kill_switches`, {
      method: 'POST',
      headers: {
        apikey: key,
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: '{}',
    });
    return response.status;
  };
  const appKey = stores.env.DATABASE_APP_KEY;

  it('opens what its app may, for that one request', async () => {
    expect(await call({ 'x-actp-app': 'gateway', 'x-actp-app-key': appKey })).toBe(200);
    expect(await call({})).toBe(403);
    expect(await call({ 'x-actp-app': 'runner', 'x-actp-app-key': appKey })).toBe(403);
  });

  it.each([
    ['another key', { 'x-actp-app': 'gateway', 'x-actp-app-key': `${appKey}x` }],
    ['no key', { 'x-actp-app': 'gateway', 'x-actp-app-key': '' }],
    ['no app', { 'x-actp-app-key': appKey }],
    ['a role that is no app', { 'x-actp-app': 'service_role', 'x-actp-app-key': appKey }],
    ['the owner', { 'x-actp-app': '../postgres', 'x-actp-app-key': appKey }],
    ['an app in other letters', { 'x-actp-app': 'Gateway', 'x-actp-app-key': appKey }],
  ])('opens nothing with %s', async (_, headers) => {
    expect([401, 403]).toContain(await call(headers));
  });

  it.each(['anon', 'authenticated'] as const)('opens nothing beside a token of %s', async (role) => {
    const headers = { 'x-actp-app': 'gateway', 'x-actp-app-key': appKey };
    expect(await call(headers, stores.keyFor(role))).toBe(401);
  });
});
