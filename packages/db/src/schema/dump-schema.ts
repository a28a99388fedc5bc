import type pg from 'pg';
import { eachRelation, type Relation } from './relations.ts';

const header = `-- The schema as the migrations make it: for reading and for reviewing changes, not for execution. Functions are in
-- packages/db/sql. Made by a test: npm test -- packages/db/src/schema -u
`;

/**
 * Writes down the schema of a database from its catalog, in an order that depends on nothing but names. The partitions of
 * days stand there once, without their dates.
 */
export async function dumpSchema(client: pg.ClientBase): Promise<string> {
  // Names are written with their schema, and times in one zone.
  await client.query(`begin; set local search_path = ''; set local timezone = 'UTC'`);
  try {
    const relations = await eachRelation(client);
    const blocks = relations.map(relationText);
    return `${[header, await schemasText(client), ...new Set(blocks), await rest(client)].join('\n')}`;
  } finally {
    await client.query('rollback');
  }
}

function relationText({ kind, name, lines, after }: Relation): string {
  const body = lines.length === 0 ? '' : ` (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`;
  const [tail = '', ...statements] = after;
  const text = [`${kind} ${name}${body}${tail};`, ...statements.map((line) => `${line};`)].join('\n');
  return `${withoutDates(text)}\n`;
}

// Days come and go; what a day's partition looks like must not change the dump.
function withoutDates(text: string): string {
  return text
    .replaceAll(/\blog_\d{8}\b/g, 'log_<day>')
    .replaceAll(/\blog_\d{8}_/g, 'log_<day>_')
    .replaceAll(/'\d{4}-\d\d-\d\d 00:00:00\+00'/g, `'<midnight UTC>'`);
}

async function schemasText(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ line: string }>(
    `select format('schema %I', n.nspname) || coalesce(
       (select string_agg(format(E'\\n  %s to %s', a.privilege_type, coalesce(r.rolname, 'public')), '' order by 1)
        from aclexplode(n.nspacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee
        where a.grantee <> n.nspowner and n.nspname like 'actp%'), '') as line
     from pg_catalog.pg_namespace n where n.nspname like 'actp%' order by n.nspname`,
  );
  return `${rows.map(({ line }) => `${line};`).join('\n')}\n`;
}

async function rest(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ line: string }>(
    `select format('aggregate %s(%s) (sfunc = %s, stype = %s)', p.oid::regproc,
       pg_catalog.pg_get_function_arguments(p.oid), a.aggtransfn, a.aggtranstype::regtype) as line
     from pg_catalog.pg_proc p join pg_catalog.pg_aggregate a on a.aggfnoid = p.oid
     join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' or n.nspname like 'actp%'
     union all
     select format('type %s', t.oid::regtype) from pg_catalog.pg_type t
     join pg_catalog.pg_namespace n on n.oid = t.typnamespace
     where t.typtype in ('e', 'd', 'r') and (n.nspname = 'public' or n.nspname like 'actp%')
     order by 1`,
  );
  return `${rows.map(({ line }) => `${line};`).join('\n')}\n`;
}
