create or replace function public.audit_acknowledgements() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(a) order by a.id), '[]') from actp_audit.acknowledgements a;
$$;

comment on function public.audit_acknowledgements() is
  'Returns every acknowledged damage of the audit log, oldest first.';

revoke all on function public.audit_acknowledgements() from public, anon, authenticated, service_role;
grant execute on function public.audit_acknowledgements() to actp_gateway, actp_auditor, actp_cli;
