-- Locks the task. Null unless this executor still holds it, and it is under way: whoever lost it changes nothing any more.
create or replace function public.held_task(p_id uuid, p_holder text) returns public.actp_tasks
language plpgsql
set search_path = ''
as $$
declare
  t public.actp_tasks;
begin
  select * into t from public.actp_tasks q where q.id = p_id for update;
  if t.status = 'running' and t.holder = p_holder and t.held_until > clock_timestamp() then
    return t;
  end if;
  return null;
end;
$$;

comment on function public.held_task(uuid, text) is
  'Locks a task and returns it if this executor holds it, else null.';

revoke all on function public.held_task(uuid, text) from public, anon, authenticated, service_role;
