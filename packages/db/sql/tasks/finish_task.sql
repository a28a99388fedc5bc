-- p_end: {event: succeed | fail, result, error, error_code, cost_minor, agent}. False when the task is lost.
create or replace function public.finish_task(p_id uuid, p_holder text, p_end jsonb) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
begin
  if t.id is null then
    return false;
  end if;
  if p_end ->> 'event' not in ('succeed', 'fail') then
    raise exception 'a task ends with succeed or fail' using errcode = 'invalid_parameter_value';
  end if;
  -- No success while an effect that belongs to it has not happened.
  if p_end ->> 'event' = 'succeed' and (
    select count(*) from public.actp_task_effects e where e.task_id = p_id and e.state = 'done')
    <> jsonb_array_length(coalesce(t.plan -> 'effects', '[]'))
  then
    raise exception 'a task has succeeded when all its effects are done' using errcode = 'invalid_parameter_value';
  end if;
  if t.agent is null and p_end ? 'agent' then
    update public.actp_tasks q set agent = left(p_end ->> 'agent', 128) where q.id = p_id returning q.* into strict t;
  end if;
  perform public.end_task(p_id, p_end ->> 'event', p_end, coalesce(t.agent, 'executor'), public.task_context(t));
  return true;
end;
$$;

comment on function public.finish_task(uuid, text, jsonb) is
  'Ends a task on behalf of the executor that holds it.';

revoke all on function public.finish_task(uuid, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.finish_task(uuid, text, jsonb) to actp_executor;
