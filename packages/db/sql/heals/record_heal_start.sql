-- The agent has begun, or may have: p_acd is {pid, startedAt, certain}. From here its time runs.
create or replace function public.record_heal_start(p_id uuid, p_holder text, p_acd jsonb, p_timeout_seconds integer) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.step = 'start' and h.sent_at is not null and h.finished_at is null then
    update public.actp_heals
    set step = 'wait', started_at = sent_at, deadline_at = sent_at + make_interval(secs => p_timeout_seconds),
      facts = facts || jsonb_build_object('acd', coalesce(facts -> 'acd', '{}') || p_acd)
    where id = p_id
    returning * into h;
    perform public.note_heal(h.run_id, h.request);
    perform public.audit_heal(h, 'heal.started', 'ok', jsonb_build_object('acd', p_acd));
  end if;
  return public.heal_json(h);
end;
$$;

comment on function public.record_heal_start(uuid, text, jsonb, integer) is
  'Records that the coding agent has been started and sets its deadline.';

revoke all on function public.record_heal_start(uuid, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.record_heal_start(uuid, text, jsonb, integer) to actp_runner;
