-- Checkpoints after p_after, oldest first: [{n, payload, signature}].
create or replace function public.audit_checkpoints(p_after bigint, p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('n', c.n, 'payload', c.payload, 'signature', c.signature) order by c.n), '[]')
  from (
    select * from actp_audit.checkpoints c where c.n > p_after order by c.n limit least(p_limit, 1000)
  ) c;
$$;

comment on function public.audit_checkpoints(bigint, integer) is
  'Returns checkpoints after a number, oldest first.';

revoke all on function public.audit_checkpoints(bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.audit_checkpoints(bigint, integer) to actp_gateway, actp_auditor, actp_cli;
