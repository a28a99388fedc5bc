-- One for each connection of PostgREST's pool, and one more.
create or replace function actp_audit.lane_count() returns integer
language sql
immutable
as $$ select 16 $$;

comment on function actp_audit.lane_count() is
  'Number of hash chains (lanes) per day.';

revoke all on function actp_audit.lane_count() from public, anon, authenticated, service_role;
