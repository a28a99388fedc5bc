-- Takes the coding agent for one heal, if the limits allow it. p_limits is {max_attempts_per_day, same_failure_hours,
-- breaker_failures}; 0 turns one off. The result is claimed, busy, limited or blocked.
--
-- The breaker counts what the coding agent has failed at: not what an operator's kill switch has ended, nor an agent that could
-- not start.
create or replace function public.claim_heal(p_id uuid, p_holder text, p_limits jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
  v_block jsonb;
  v_max integer := (p_limits ->> 'max_attempts_per_day')::integer;
  v_hours integer := (p_limits ->> 'same_failure_hours')::integer;
  v_breaker integer := (p_limits ->> 'breaker_failures')::integer;
  v_count integer;
  v_reason text;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.holds_acd then
    return jsonb_build_object('result', 'claimed', 'heal', public.heal_json(h));
  end if;
  if h.finished_at is not null then
    raise exception 'a heal that has ended cannot be claimed' using errcode = 'invalid_parameter_value';
  end if;
  v_block := public.heal_block();
  if (v_block ->> 'blocked')::boolean then
    return jsonb_build_object('result', 'blocked', 'reason', 'a kill switch is on');
  end if;

  if v_breaker > 0 then
    select count(*) into v_count from public.actp_heals o
    where o.state = 'not_healed' and o.attempted_at > clock_timestamp() - interval '7 days'
      and not o.facts ? 'uncounted';
    if v_count >= v_breaker then
      v_reason := format('the breaker is open: %s heals failed within 7 days (breaker_failures: %s)', v_count, v_breaker);
    end if;
  end if;
  if v_reason is null and v_max > 0 then
    select count(*) into v_count from public.actp_heals o
    where o.suite = h.suite and o.id <> h.id and o.attempted_at > clock_timestamp() - interval '24 hours';
    if v_count >= v_max then
      v_reason := format('%s attempts at this suite within 24 hours (max_attempts_per_day: %s)', v_count, v_max);
    end if;
  end if;
  if v_reason is null and v_hours > 0 and h.asked_by = 'plane' and exists (
    select 1 from public.actp_heals o
    where o.suite = h.suite and o.fingerprint = h.fingerprint and o.id <> h.id
      and o.attempted_at > clock_timestamp() - make_interval(hours => v_hours)
  ) then
    v_reason := format('the same failure was tried within %s hours (same_failure_hours); ask for it by hand', v_hours);
  end if;
  if v_reason is not null then
    return jsonb_build_object('result', 'limited', 'reason', v_reason);
  end if;

  begin
    update public.actp_heals set holds_acd = true, state = 'running', step = 'prepare' where id = p_id returning * into h;
  exception when unique_violation then
    return jsonb_build_object('result', 'busy', 'reason', 'another heal is under way');
  end;
  perform public.note_heal(h.run_id, h.request);
  return jsonb_build_object('result', 'claimed', 'heal', public.heal_json(h));
end;
$$;

comment on function public.claim_heal(uuid, text, jsonb) is
  'Reserves the coding agent for one heal if the limits allow it.';

revoke all on function public.claim_heal(uuid, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.claim_heal(uuid, text, jsonb) to actp_runner;
