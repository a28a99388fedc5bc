-- What the audit log keeps of a refusal by the policy; null for any other refusal.
create or replace function public.policy_facts(p_refusal text, p_policy jsonb) returns jsonb
language sql
immutable
set search_path = ''
as $$
  select case
    when p_refusal = 'policy_denied' then jsonb_build_object('version', p_policy -> 'version') || (p_policy -> 'denied')
    when p_refusal = 'policy_stricter' then p_policy - 'denied'
  end;
$$;

comment on function public.policy_facts(text, jsonb) is
  'Returns what the audit log keeps of a refusal by the policy.';

revoke all on function public.policy_facts(text, jsonb) from public, anon, authenticated, service_role;
