-- The verdict. p_limits as for claim_heal: the failure that opens the breaker is told to people.
create or replace function public.finish_heal(p_id uuid, p_holder text, p_state text, p_reason text, p_facts jsonb, p_limits jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
  v_breaker integer := (p_limits ->> 'breaker_failures')::integer;
  v_count integer;
begin
  if p_state is null or p_state not in ('healed', 'not_healed', 'skipped') then
    raise exception 'a heal ends as healed, not_healed or skipped' using errcode = 'invalid_parameter_value';
  end if;
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.finished_at is not null then
    return public.heal_json(h);
  end if;
  -- Healed is what the tests have said, and nothing else leads there.
  if p_state = 'healed' and h.step <> 'verify' then
    raise exception 'only a verified change is healed' using errcode = 'invalid_parameter_value';
  end if;
  if p_state = 'skipped' and h.step not in ('queued', 'prepare') then
    raise exception 'a heal cannot be skipped at %', h.step using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_heals
  set state = p_state, reason = left(p_reason, 2000), step = 'report', facts = facts || p_facts, holds_acd = false,
    finished_at = clock_timestamp()
  where id = p_id
  returning * into h;
  perform public.note_heal(h.run_id, h.request);
  perform public.audit_heal(h, 'heal.verdict', case p_state when 'not_healed' then 'error' else 'ok' end, p_facts);

  if p_state = 'not_healed' and h.attempted_at is not null and not h.facts ? 'uncounted' and v_breaker > 0 then
    select count(*) into v_count from public.actp_heals o
    where o.state = 'not_healed' and o.attempted_at > clock_timestamp() - interval '7 days'
      and not o.facts ? 'uncounted';
    if v_count = v_breaker then
      perform public.enqueue_notification('heal-breaker:' || h.id, 'heal.breaker',
        format('Self-heal paused: %s heals failed within 7 days (breaker_failures: %s). No failing tests go to the coding agent until the oldest of them is 7 days old.', v_count, v_breaker));
    end if;
  end if;
  return public.heal_json(h);
end;
$$;

comment on function public.finish_heal(uuid, text, text, text, jsonb, jsonb) is
  'Records the result of a heal in the heal, the snapshot and the audit log, in one transaction.';

revoke all on function public.finish_heal(uuid, text, text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.finish_heal(uuid, text, text, text, jsonb, jsonb) to actp_runner;
