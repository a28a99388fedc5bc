create or replace function public.refuse_audit_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end;
$$;

comment on function public.refuse_audit_change() is
  'Trigger function that rejects UPDATE, DELETE and TRUNCATE on the audit log and its checkpoints.';

revoke all on function public.refuse_audit_change() from public, anon, authenticated, service_role;
