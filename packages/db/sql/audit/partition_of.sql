-- The name of a day's partition.
create or replace function actp_audit.partition_of(p_day date) returns text
language sql
immutable
as $$ select 'log_' || to_char(p_day, 'YYYYMMDD') $$;

comment on function actp_audit.partition_of(date) is
  'Returns the name of the partition of a day.';

revoke all on function actp_audit.partition_of(date) from public, anon, authenticated, service_role;
