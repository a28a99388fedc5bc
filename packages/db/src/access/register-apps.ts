import { createHash } from 'node:crypto';
import pg from 'pg';
import { AppError } from '@actp/shared/errors';
import { asOwner } from '../as-owner.ts';
import { databaseAppKey, databaseApps } from './app-key.ts';

const hook = 'actp_access.assume_app_role';
const settingName = 'pgrst.db_pre_request';
const insufficientPrivilege = '42501';

/**
 * Registers the keys of the apps in a migrated database, and has PostgREST ask for them before every request. Does nothing that was
 * done before. Keys of another secret stay registered: another machine of the same plane may use them.
 *
 * @param options.databaseUrl of the owner
 * @param options.secret DATABASE_APP_SECRET
 * @throws AppError that says what a superuser has to run, where this role may not
 */
export async function registerApps(options: { databaseUrl: string; secret: string }): Promise<void> {
  await asOwner(options.databaseUrl, async (client) => {
    await setHook(client);
    await client.query(
      `insert into actp_access.app_keys (key_hash, app) select * from unnest($1::bytea[], $2::text[])
       on conflict do nothing`,
      [keyHashes(options.secret), [...databaseApps]],
    );
  });
}

/** Ends the keys of a secret that is no longer in use anywhere. @param options as for `registerApps` */
export async function retireApps(options: { databaseUrl: string; secret: string }): Promise<void> {
  await asOwner(options.databaseUrl, (client) =>
    client.query('delete from actp_access.app_keys where key_hash = any($1::bytea[])', [
      keyHashes(options.secret),
    ]),
  );
}

const keyHashes = (secret: string): Buffer[] =>
  databaseApps.map((app) => createHash('sha256').update(databaseAppKey(secret, app)).digest());

async function setHook(client: pg.Client): Promise<void> {
  const current = await currentHook(client);
  if (current === hook) return;
  if (current !== undefined) {
    if (await callsHook(client, current)) return;
    throw new AppError(
      'conflict',
      `PostgREST already calls ${current} before each request of this database (${settingName}).\n` +
        `Have that function call ${hook}() at its end (it must not be security definer), or give the plane a database of its own.`,
    );
  }
  // A hosted project lets its owner change the role's settings only as a whole.
  const done =
    (await mayRun(client, `alter role authenticator in database %I set ${settingName} = %L`)) ||
    (await mayRun(client, `alter role authenticator set ${settingName} = %2$L`));
  if (!done) {
    throw new AppError(
      'forbidden',
      `The owner of DATABASE_URL may not set up PostgREST.\nRun this as a superuser, then start again: ` +
        `alter role authenticator set ${settingName} = '${hook}'; notify pgrst, 'reload config';`,
    );
  }
  await client.query(`notify pgrst, 'reload config'`);
}

/** Runs a statement about this database and the hook; false when the role may not. */
async function mayRun(client: pg.Client, template: string): Promise<boolean> {
  const { rows } = await client.query<{ statement: string }>(
    'select format($1, current_database(), $2::text) as statement',
    [template, hook],
  );
  try {
    await client.query(rows[0]?.statement ?? '');
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === insufficientPrivilege) return false;
    throw error;
  }
}

async function callsHook(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_proc where oid = to_regproc($1) and not prosecdef and prosrc like '%' || $2 || '%'`,
    [name, hook],
  );
  return rows.length > 0;
}

async function currentHook(client: pg.Client): Promise<string | undefined> {
  // What is said for this database comes before what is said for all.
  const { rows } = await client.query<{ value: string }>(
    `select substr(c, char_length($1) + 2) as value
     from pg_db_role_setting s, unnest(s.setconfig) c
     where s.setrole = (select oid from pg_roles where rolname = 'authenticator')
       and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
       and c like $1 || '=%'
     order by s.setdatabase desc limit 1`,
    [settingName],
  );
  return rows[0]?.value;
}
