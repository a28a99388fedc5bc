import type pg from 'pg';

/** A table, partition, sequence or view: what is said about it in one place. */
export interface Relation {
  kind: string;
  name: string;
  /** Columns and constraints. */
  lines: string[];
  /** What follows the closing bracket (partitioning), then one statement each: security, indexes, triggers, policies, grants. */
  after: string[];
}

/** Reads every table, partition, sequence and view of this project, by name. The settings of the session decide how names are written. */
export async function eachRelation(client: pg.ClientBase): Promise<Relation[]> {
  const { rows } = await client.query<Relation>(query);
  return rows;
}

// Not-null constraints are left to the columns: only newer versions of PostgreSQL keep them as constraints too.
const query = `
select k.kind, c.oid::regclass::text as name,
  array(
    select line from (
      select 1 as part, a.attnum as place, format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        || case when a.attnotnull then ' not null' else '' end
        || case when a.attidentity <> '' then ' generated as identity' else '' end
        || coalesce(case when a.attgenerated = '' then ' default ' else ' generated as ' end || pg_get_expr(d.adbin, d.adrelid), '')
        as line
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')
      union all
      select 2, row_number() over (order by o.conname), format('constraint %I %s', o.conname, pg_get_constraintdef(o.oid))
      from pg_catalog.pg_constraint o where o.conrelid = c.oid and o.contype <> 'n' and o.contype <> 't'
    ) described order by part, place
  ) as lines,
  array[
    coalesce(E'\\n  partition by ' || pg_get_partkeydef(c.oid), '')
      || coalesce(E'\\n  partition of ' || (select i.inhparent::regclass from pg_catalog.pg_inherits i where i.inhrelid = c.oid)
        || ' ' || pg_get_expr(c.relpartbound, c.oid), '')
      || coalesce(E'\\n  with (' || array_to_string(c.reloptions, ', ') || ')', '')
      || case when c.relkind in ('v', 'm') then E' as\\n' || pg_get_viewdef(c.oid) else '' end
  ] || array(
    select 'row level security' || case when c.relforcerowsecurity then ' (forced)' else '' end where c.relrowsecurity
  ) || array(
    select pg_get_indexdef(i.indexrelid) from pg_catalog.pg_index i
    where i.indrelid = c.oid
      and not exists (select from pg_catalog.pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
    order by i.indexrelid::regclass::text
  ) || array(
    select pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ' (tgenabled ' || t.tgenabled::text || ')' end
    from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgparentid = 0 order by t.tgname
  ) || array(
    select format('policy %I %s for %s to %s using (%s) with check (%s)', p.policyname, p.permissive, p.cmd,
      array_to_string(p.roles, ', '), p.qual, p.with_check)
    from pg_catalog.pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname order by p.policyname
  ) || array(
    select format('grant %s to %s', string_agg(lower(g.right), ', ' order by g.right), g.role) from (
      select a.privilege_type || case when a.is_grantable then ' with grant option' else '' end as right,
        coalesce(r.rolname, 'public') as role
      from aclexplode(c.relacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee where a.grantee <> c.relowner
        -- A right of version 17 and later.
        and a.privilege_type <> 'MAINTAIN'
    ) g group by g.role order by g.role
  ) || array(
    select format('grant %s (%s) to %s', lower(g.right), string_agg(g.attname, ', ' order by g.attnum), g.role) from (
      select a.privilege_type as right, coalesce(r.rolname, 'public') as role, t.attname, t.attnum
      from pg_catalog.pg_attribute t, aclexplode(t.attacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee
      where t.attrelid = c.oid and a.grantee <> c.relowner
    ) g group by g.right, g.role order by g.right, g.role
  ) as after
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join (values ('r', 'table'), ('p', 'table'), ('S', 'sequence'), ('v', 'view'), ('m', 'materialized view')) k (relkind, kind)
  on k.relkind = c.relkind::text
where (n.nspname = 'public' or n.nspname like 'actp%')
  -- The sequence of an identity column is part of its column.
  and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype in ('e', 'i') and c.relkind = 'S')
order by n.nspname, c.relname`;
