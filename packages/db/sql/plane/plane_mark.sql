-- What a copy of this database cannot share with it: the start of the server process, the database, and the table itself, which a dump that
-- is put back makes anew.
create or replace function actp_audit.plane_mark() returns text
language sql
stable
set search_path = ''
as $$
  select concat_ws('/', extract(epoch from pg_postmaster_start_time()), d.oid, 'actp_audit.plane'::regclass::oid)
  from pg_catalog.pg_database d where d.datname = current_database();
$$;

comment on function actp_audit.plane_mark() is
  'Identifies this database in the running server, so that a copy that was put back is not taken for it.';

revoke all on function actp_audit.plane_mark() from public, anon, authenticated, service_role;
