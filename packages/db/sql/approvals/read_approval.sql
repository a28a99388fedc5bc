create or replace function public.read_approval(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select public.approval_json(a) from public.actp_approval_queue a where a.id = p_id;
$$;

comment on function public.read_approval(uuid) is
  'Returns one approval as JSON, or null.';

revoke all on function public.read_approval(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_approval(uuid) to actp_gateway, actp_executor;
