-- Every change of state writes a chained row in its transaction, so this says how far the database has come. Dropped days still count.
create or replace function actp_audit.audit_total() returns bigint
language sql
stable
set search_path = ''
as $$
  select (select coalesce(sum(l.seq), 0)::bigint from actp_audit.lanes l) + coalesce((select p.retired_rows from actp_audit.plane p), 0);
$$;

comment on function actp_audit.audit_total() is
  'Returns the number of rows that the audit log has ever had.';

revoke all on function actp_audit.audit_total() from public, anon, authenticated, service_role;
