-- To be called with the row locked. p_event is null for a step that leaves the status as it is. Getting on resets the count of claims.
create or replace function public.note_task_step(p_id uuid, p_event text, p_name text, p_facts jsonb) returns public.actp_tasks
language plpgsql
set search_path = ''
as $$
declare
  t public.actp_tasks;
  v_next text;
begin
  select * into strict t from public.actp_tasks q where q.id = p_id;
  v_next := case when p_event is null then t.status else public.next_task_status(t.status, p_event) end;
  if v_next is null then
    raise exception 'a task that is % cannot %', t.status, p_event using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_tasks q
  set status = v_next, version = q.version + 1, updated_at = clock_timestamp(), claims = 0,
      ended_at = case when v_next in ('succeeded', 'failed', 'rejected', 'cancelled') then coalesce(q.ended_at, clock_timestamp()) end
  where q.id = p_id
  returning q.* into strict t;
  insert into public.actp_task_steps (task_id, version, name, status, facts)
  values (t.id, t.version, p_name, t.status, coalesce(jsonb_strip_nulls(p_facts), '{}'));
  return t;
end;
$$;

comment on function public.note_task_step(uuid, text, text, jsonb) is
  'Applies an event to a task and appends the step to its list.';

revoke all on function public.note_task_step(uuid, text, text, jsonb) from public, anon, authenticated, service_role;
