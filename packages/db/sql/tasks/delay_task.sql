-- Lets the task go until later, without its worker. False when it is lost.
create or replace function public.delay_task(p_id uuid, p_holder text, p_milliseconds integer, p_reason text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
  v_claims integer := t.claims;
begin
  if t.id is null then
    return false;
  end if;
  perform public.note_task_step(p_id, null, 'delayed', jsonb_build_object('reason', left(p_reason, 500), 'milliseconds', p_milliseconds));
  update public.actp_tasks q
  set holder = null, held_until = null, claims = v_claims,
      due_at = clock_timestamp() + make_interval(secs => greatest(0, least(p_milliseconds, 3600000)) / 1000.0)
  where q.id = p_id;
  return true;
end;
$$;

comment on function public.delay_task(uuid, text, integer, text) is
  'Lets a task go until it is due again.';

revoke all on function public.delay_task(uuid, text, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.delay_task(uuid, text, integer, text) to actp_executor;
