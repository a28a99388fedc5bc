create or replace function public.read_heal(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$ select public.heal_json(h) from public.actp_heals h where h.id = p_id $$;

comment on function public.read_heal(uuid) is
  'Returns one heal as JSON, or null.';

revoke all on function public.read_heal(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_heal(uuid) to actp_runner;
