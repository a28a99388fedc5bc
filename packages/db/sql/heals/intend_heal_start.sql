-- The intent to start the agent, before the call. The result is intended, known (a call was sent already and its answer is not
-- known: never send another), or blocked.
create or replace function public.intend_heal_start(p_id uuid, p_holder text, p_before jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  -- A switch that is set meanwhile waits: after it nothing is started.
  perform public.hold_kill_switch();
  if (public.heal_block() ->> 'blocked')::boolean then
    return jsonb_build_object('result', 'blocked', 'heal', public.heal_json(h));
  end if;
  if h.sent_at is not null or h.step <> 'start' or h.finished_at is not null or not h.holds_acd then
    return jsonb_build_object('result', 'known', 'heal', public.heal_json(h));
  end if;
  update public.actp_heals
  set sent_at = clock_timestamp(), attempted_at = coalesce(attempted_at, clock_timestamp()),
    facts = facts || jsonb_build_object('acd', jsonb_build_object('before', p_before))
  where id = p_id
  returning * into h;
  perform public.audit_heal(h, 'heal.start', 'ok', null);
  return jsonb_build_object('result', 'intended', 'heal', public.heal_json(h));
end;
$$;

comment on function public.intend_heal_start(uuid, text, jsonb) is
  'Records the intent to start the coding agent before the call is made.';

revoke all on function public.intend_heal_start(uuid, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.intend_heal_start(uuid, text, jsonb) to actp_runner;
