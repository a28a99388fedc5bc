import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { openArchive } from './archive/read-archive.ts';
import { readBackup } from './read-backup.ts';
import type { BackupFile } from './restore-backup.ts';

/** What a backup holds: the rows of each table, in an order of their own, and the sequences. */
export async function contentOf(file: BackupFile): Promise<Record<string, unknown>> {
  const parts = new Map<string, Buffer[]>();
  const { head, end } = await readBackup(await openArchive(file.path, file.passphrase), {
    async rows(table, content) {
      parts.set(table, [...(parts.get(table) ?? []), content]);
    },
  });
  const tables = head.tables.map(({ name, columns }) => {
    const lines = Buffer.concat(parts.get(name) ?? [])
      .toString('utf8')
      .split('\n')
      .toSorted();
    return [name, { columns, lines, rows: end.rows[name] }] as const;
  });
  return { tables: Object.fromEntries(tables), sequences: end.sequences, days: head.audit_days };
}

/**
 * Gives every object of the plane to a role that owns them and is nothing more: no superuser, and none that triggers of the system obey.
 *
 * @returns the URL of that role
 */
export async function giveToPlainOwner(sql: pg.Pool, databaseUrl: string): Promise<string> {
  const role = `owner_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(24).toString('base64url');
  await sql.query(`create role ${role} login nosuperuser nocreaterole password '${password}'`);
  await sql.query(
    `do $$ declare s text; begin
       for s in
         select format('alter schema %I owner to ${role}', nspname) from pg_namespace
           where nspname like 'actp\\_%' or nspname = 'supabase_migrations'
         union all
         select format('alter %s %s owner to ${role}', case relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass)
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'S') and (n.nspname like 'actp\\_%' or n.nspname = 'supabase_migrations' or c.relname like 'actp\\_%')
             and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i' and d.classid = 'pg_class'::regclass and c.relkind = 'S')
         union all
         select format('alter function %s owner to ${role}', p.oid::regprocedure)
           from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' or n.nspname like 'actp\\_%'
       loop execute s; end loop;
     end $$`,
  );
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
