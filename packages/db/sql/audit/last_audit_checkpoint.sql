create or replace function public.last_audit_checkpoint() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('n', c.n, 'payload', c.payload, 'signature', c.signature, 'created_at', c.created_at)
  from actp_audit.checkpoints c order by c.n desc limit 1;
$$;

comment on function public.last_audit_checkpoint() is
  'Returns the newest checkpoint.';

revoke all on function public.last_audit_checkpoint() from public, anon, authenticated, service_role;
grant execute on function public.last_audit_checkpoint() to actp_gateway, actp_auditor, actp_cli;
