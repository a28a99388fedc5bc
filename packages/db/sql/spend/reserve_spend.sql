-- p_request: {id, user_id, agent, task_id, amount_minor, budget_minor, ttl_seconds}. Gives {result: reserved | known |
-- over_budget | mismatch, reservation}; mismatch: this id is of another reservation. An amount is a number: "5" may be five
-- of anything.
create or replace function public.reserve_spend(p_request jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  d public.actp_daily_spend;
  v_amount bigint := public.minor_units((p_request ->> 'amount_minor')::numeric, 'amount_minor');
  v_budget bigint := public.minor_units((p_request ->> 'budget_minor')::numeric, 'budget_minor');
  v_user uuid := (p_request ->> 'user_id')::uuid;
  v_ttl integer := (p_request ->> 'ttl_seconds')::integer;
  v_day date := (clock_timestamp() at time zone 'UTC')::date;
begin
  if jsonb_typeof(p_request -> 'amount_minor') <> 'number' or jsonb_typeof(p_request -> 'budget_minor') <> 'number' then
    raise exception 'amount_minor and budget_minor must be numbers' using errcode = 'invalid_parameter_value';
  end if;
  if (v_ttl between 1 and 86400) is not true then
    raise exception 'ttl_seconds must be from 1 to 86400' using errcode = 'invalid_parameter_value';
  end if;
  insert into public.actp_daily_spend (user_id, day) values (v_user, v_day) on conflict do nothing;
  insert into public.actp_spend_reservations (id, user_id, day, agent, task_id, amount_minor, expires_at)
  values
    ((p_request ->> 'id')::uuid, v_user, v_day, p_request ->> 'agent', (p_request ->> 'task_id')::uuid, v_amount,
     clock_timestamp() + make_interval(secs => v_ttl))
  on conflict (id) do nothing
  returning * into r;
  if not found then
    select * into strict r from public.actp_spend_reservations s where s.id = (p_request ->> 'id')::uuid;
    return jsonb_build_object(
      'result', case when r.user_id = v_user and r.amount_minor = v_amount and r.agent = p_request ->> 'agent'
        and r.task_id is not distinct from (p_request ->> 'task_id')::uuid then 'known' else 'mismatch' end,
      'reservation', public.spend_json(r));
  end if;

  update public.actp_daily_spend s
  set reserved_minor = s.reserved_minor + v_amount
  where s.user_id = v_user and s.day = v_day and s.spent_minor + s.reserved_minor + v_amount <= v_budget
  returning * into d;
  if not found then
    delete from public.actp_spend_reservations s where s.id = r.id;
    select * into strict d from public.actp_daily_spend s where s.user_id = v_user and s.day = v_day;
    perform public.audit_spend(r, 'spend.reserve', 'denied', jsonb_build_object(
      'refused', 'over_budget', 'spent_minor', d.spent_minor, 'reserved_minor', d.reserved_minor, 'budget_minor', v_budget),
      p_context);
    perform public.audit_spend(r, 'security.policy_violation', 'denied',
      jsonb_build_object('rule', 'DAILY_BUDGET', 'budget_minor', v_budget), p_context);
    return jsonb_build_object('result', 'over_budget');
  end if;
  perform public.audit_spend(r, 'spend.reserve', 'ok', null, p_context);
  return jsonb_build_object('result', 'reserved', 'reservation', public.spend_json(r));
end;
$$;

comment on function public.reserve_spend(jsonb, jsonb) is
  'Reserves an amount from the daily budget of a user.';

revoke all on function public.reserve_spend(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.reserve_spend(jsonb, jsonb) to actp_scheduler;
