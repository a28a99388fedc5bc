import type pg from 'pg';
import type { FunctionFile } from './read-function-files.ts';

/** A function as the catalog has it: everything that a function file decides. */
export interface DefinedFunction {
  /** As pg_get_functiondef writes it: header, security, volatility, settings and body. */
  definition: string;
  comment: string | null;
  /** Who may execute it beside its owner; `public` is everybody. */
  grants: string[];
}

/** Every function of this project in a database, by its signature. Aggregates belong to the migrations. */
export async function functionsIn(client: pg.ClientBase): Promise<Record<string, DefinedFunction>> {
  const { rows } = await client.query<DefinedFunction & { signature: string }>(
    `select p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as definition,
       obj_description(p.oid, 'pg_proc') as comment,
       array(
         select coalesce(r.rolname, 'public') || case when a.is_grantable then ' with grant option' else '' end
         from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         left join pg_roles r on r.oid = a.grantee
         where a.grantee <> p.proowner order by 1) as grants
     from pg_proc p
     where p.pronamespace::regnamespace::text = any ($1) and p.prokind <> 'a'
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
     order by 1`,
    [schemas],
  );
  return Object.fromEntries(rows.map(({ signature, ...defined }) => [signature, defined]));
}

const schemas = ['public', 'actp_audit', 'actp_migrations'];

/**
 * What the files make of a database that has no function at all. Everything is rolled back.
 *
 * @param client signed in as the owner
 */
export async function functionsOf(
  client: pg.ClientBase,
  files: FunctionFile[],
): Promise<Record<string, DefinedFunction>> {
  await client.query('begin');
  try {
    const signatures = Object.keys(await functionsIn(client));
    await client.query(`drop function ${signatures.join(', ')} cascade`);
    await client.query('set local check_function_bodies = off');
    for (const { text } of files) await client.query(text);
    return await functionsIn(client);
  } finally {
    await client.query('rollback');
  }
}
