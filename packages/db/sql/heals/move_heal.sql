-- Moves a heal on to a step and adds facts. The steps are those of packages/shared/src/heals/state.ts; the others have functions
-- of their own. p_timeout_seconds, with the step start, sets the deadline for getting hold of the
-- agent; it is set anew, from the start, by record_heal_start.
create or replace function public.move_heal(p_id uuid, p_holder text, p_step text, p_facts jsonb, p_timeout_seconds integer default null)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.finished_at is not null
    or (p_step <> h.step and (h.step, p_step) not in (('prepare', 'start'), ('wait', 'verify')))
  then
    raise exception 'a heal (%) cannot be moved from % to %', h.state, h.step, p_step using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_heals
  set step = p_step, facts = facts || p_facts,
    deadline_at = case
      when p_timeout_seconds is null then deadline_at
      else coalesce(deadline_at, clock_timestamp() + make_interval(secs => p_timeout_seconds)) end
  where id = p_id
  returning * into strict h;
  perform public.note_heal(h.run_id, h.request);
  return public.heal_json(h);
end;
$$;

comment on function public.move_heal(uuid, text, text, jsonb, integer) is
  'Moves a heal to a step and adds facts to it.';

revoke all on function public.move_heal(uuid, text, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.move_heal(uuid, text, text, jsonb, integer) to actp_runner;
