import type pg from 'pg';

/**
 * What each role that PostgREST can act as may do in the database, one right per line, sorted: tables with their columns, functions.
 * Rights that everybody has are listed for `public`.
 */
export async function listRights(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ line: string }>(query);
  return `${rows.map(({ line }) => line).join('\n')}\n`;
}

const query = `
with ours as (
  select n.oid from pg_namespace n where n.nspname = 'public' or n.nspname like 'actp\\_%'
), granted as (
  select a.grantee, lower(a.privilege_type) || ' ' || c.oid::regclass as what
  from pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
  where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p', 'v', 'm') and a.grantee <> c.relowner
    and not c.relispartition and a.privilege_type <> 'MAINTAIN'
  union all
  select a.grantee, format('%s %s (%s)', lower(a.privilege_type), c.oid::regclass, string_agg(t.attname, ', ' order by t.attnum))
  from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
  where c.relnamespace in (select oid from ours) and not c.relispartition and a.grantee <> c.relowner
  group by a.grantee, a.privilege_type, c.oid
  union all
  select a.grantee, 'call ' || p.oid::regprocedure
  from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  where p.pronamespace in (select oid from ours) and a.grantee <> p.proowner
  union all
  select a.grantee, lower(a.privilege_type) || ' schema ' || n.nspname
  from pg_namespace n, aclexplode(n.nspacl) a
  where n.oid in (select oid from ours) and a.grantee <> n.nspowner
)
select coalesce(r.rolname, 'public') || ': ' || g.what as line
from granted g left join pg_roles r on r.oid = g.grantee
order by 1`;
