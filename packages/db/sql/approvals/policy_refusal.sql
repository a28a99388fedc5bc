-- What the policy in force has against a permission that people gave under an earlier one; p_policy as in redeem_approval.
create or replace function public.policy_refusal(a public.actp_approval_queue, p_policy jsonb) returns text
language sql
stable
set search_path = ''
as $$
  select case
    when jsonb_typeof(p_policy -> 'denied') = 'object' then 'policy_denied'
    when a.cost_usd > (p_policy ->> 'max_cost_usd')::double precision then 'spend_limit'
    when not a.critical and coalesce((p_policy ->> 'critical')::boolean, false) then 'policy_stricter'
    when coalesce((p_policy ->> 'approvers')::integer, 1) > greatest(1, public.count_votes(a.id)) then 'policy_stricter'
  end;
$$;

comment on function public.policy_refusal(public.actp_approval_queue, jsonb) is
  'Returns why the policy in force does not let an approval be redeemed, or null.';

revoke all on function public.policy_refusal(public.actp_approval_queue, jsonb) from public, anon, authenticated, service_role;
