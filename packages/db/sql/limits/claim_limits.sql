-- The guard is about to answer allow.
create or replace function public.claim_limits(p_agent text, p_action text, p_claims jsonb) returns jsonb
language sql
security definer
set search_path = ''
as $$
  select public.take_limits(gen_random_uuid(), p_agent, p_action, null, p_claims);
$$;

comment on function public.claim_limits(text, text, jsonb) is
  'Counts a guard request that is about to be allowed against its limits.';

revoke all on function public.claim_limits(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.claim_limits(text, text, jsonb) to actp_gateway, actp_executor;
