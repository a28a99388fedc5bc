import type pg from 'pg';
import { scramVerifier } from './scram.ts';

/**
 * Makes a database look like a Supabase project to migrations and to PostgREST; may run again at any time.
 *
 * As there, whatever `postgres` creates in `public` is open to all three API roles by default, so that a migration which
 * forgets to revoke is found out here. Time limits are Supabase's too: what runs here within them runs there.
 *
 * @param client signed in as the owner of the cluster
 * @param authenticatorPassword what PostgREST signs in with
 */
export async function bootstrapRoles(client: pg.Client, authenticatorPassword: string): Promise<void> {
  await client.query(roles);
  await client.query(schemas);
  await client.query(schemaCacheReload);
  // The verifier has no character that would need quoting.
  const verifier = scramVerifier(authenticatorPassword);
  await client.query(`alter role authenticator password '${verifier}'`);
}

const roles = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin noinherit;
    alter role anon set statement_timeout = '3s';
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin noinherit;
    alter role authenticated set statement_timeout = '8s';
  end if;
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit bypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticator') then
    create role authenticator login noinherit;
    alter role authenticator set statement_timeout = '8s';
    alter role authenticator set lock_timeout = '8s';
    grant anon, authenticated, service_role to authenticator;
    alter role postgres set search_path = "$user", public, extensions;
  end if;
end $$;`;

const schemas = `
grant usage on schema public to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to anon, authenticated, service_role;
create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;
do $$ declare wanted text; begin
  -- A PostgreSQL of the system's own may come without the contributed extensions.
  foreach wanted in array array['pgcrypto', 'uuid-ossp'] loop
    if exists (select from pg_available_extensions where name = wanted)
       and not exists (select from pg_extension where extname = wanted) then
      execute format('create extension %I schema extensions', wanted);
    end if;
  end loop;
end $$;`;

// PostgREST learns of new tables and functions by itself, as on Supabase.
const schemaCacheReload = `
do $outer$ begin
  if not exists (select from pg_event_trigger where evtname = 'pgrst_ddl_watch') then
    create function extensions.pgrst_reload() returns event_trigger language plpgsql
      as $$ begin notify pgrst, 'reload schema'; end $$;
    create event trigger pgrst_ddl_watch on ddl_command_end
      execute function extensions.pgrst_reload();
    create event trigger pgrst_drop_watch on sql_drop
      execute function extensions.pgrst_reload();
  end if;
end $outer$;`;
