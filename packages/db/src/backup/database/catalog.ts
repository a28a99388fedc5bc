import pg from 'pg';

export interface Table {
  /** With its schema, as it is written in backups. */
  name: string;
  columns: string[];
  /** Names of the tables that it references. */
  references: string[];
}

/**
 * What is not backed up: what each start makes again, and what must not come to life again. Sessions are left out so that whoever was
 * logged in when the backup was made logs in again; keys of apps, so that a DATABASE_APP_SECRET that was replaced stays replaced.
 */
const leftOut = ['public.actp_leases', 'public.actp_sessions', 'actp_access.app_keys'];

/** What migrations fill themselves: rows there do not say that a database is in use. */
export const filledByMigrations: ReadonlySet<string> = new Set([
  'actp_access.agent_list',
  'actp_audit.lanes',
  'actp_audit.plane',
  'actp_audit.retention',
  'actp_audit.secret_marks',
]);

/** Every table that is backed up, referenced ones first. Whatever a later migration adds is among them. */
export async function listTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select n.nspname || '.' || c.relname as name,
       array(select a.attname::text from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
             order by a.attnum) as columns,
       array(select distinct rn.nspname || '.' || r.relname
             from pg_constraint k join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
             where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as references
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and (n.nspname like 'actp\\_%' and n.nspname <> 'actp_migrations'
            or n.nspname = 'public' and c.relname like 'actp\\_%')
       and n.nspname || '.' || c.relname <> all ($1)
     order by 1`,
    [leftOut],
  );
  return referencedFirst(rows);
}

function referencedFirst(tables: readonly Table[]): Table[] {
  const known = new Set(tables.map(({ name }) => name));
  const sorted: Table[] = [];
  const placed = new Set<string>();
  while (sorted.length < tables.length) {
    const next = tables.filter(
      ({ name, references }) =>
        !placed.has(name) && references.every((other) => placed.has(other) || !known.has(other)),
    );
    if (next.length === 0) throw new Error('tables reference each other in a circle');
    for (const table of next) placed.add(table.name);
    sorted.push(...next);
  }
  return sorted;
}

/** A name with its schema, for a statement. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.');

export const quotedList = (columns: readonly string[]): string =>
  columns.map((column) => pg.escapeIdentifier(column)).join(', ');

/** Sequences of those schemas, also those of identity columns. */
export async function listSequences(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and (n.nspname like 'actp\\_%' or n.nspname = 'public' and c.relname like 'actp\\_%')
     order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Days of which the audit log has a partition. */
export async function auditDays(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ day: string }>(
    `select to_char(to_date(substr(c.relname, 5), 'YYYYMMDD'), 'YYYY-MM-DD') as day
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'public.actp_agent_audit_log'::regclass and c.relname ~ '^log_[0-9]{8}$'
     order by 1`,
  );
  return rows.map(({ day }) => day);
}

/** The migrations that a database has; none when it has never been migrated. */
export async function appliedMigrations(client: pg.ClientBase): Promise<string[]> {
  const { rows: there } = await client.query<{ known: boolean }>(
    `select to_regclass('supabase_migrations.schema_migrations') is not null as known`,
  );
  if (there[0]?.known !== true) return [];
  const { rows } = await client.query<{ version: string }>(
    'select version from supabase_migrations.schema_migrations order by 1',
  );
  return rows.map(({ version }) => version);
}

/** One form of every value, whatever the settings of the server and of the role. */
export async function useOneForm(client: pg.ClientBase): Promise<void> {
  await client.query(
    `set client_encoding = 'UTF8'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = 'UTC';
     set extra_float_digits = 3; set bytea_output = 'hex'; set search_path = ''; set statement_timeout = 0;
     set idle_in_transaction_session_timeout = 0; set lock_timeout = 0`,
  );
}
