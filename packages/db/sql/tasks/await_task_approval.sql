-- The task waits, and no executor with it. False when the task is lost.
create or replace function public.await_task_approval(p_id uuid, p_holder text, p_approval_id uuid) returns boolean
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
  update public.actp_tasks q
  set approval_id = p_approval_id, holder = null, held_until = null,
      due_at = (select a.expires_at from public.actp_approval_queue a where a.id = p_approval_id)
  where q.id = p_id;
  update public.actp_tasks q set due_at = clock_timestamp()
  where q.id = (
    select n.id from public.actp_tasks n where n.user_id = t.user_id and n.status = 'queued' and n.due_at > clock_timestamp()
    order by n.created_at limit 1 for update skip locked);
  perform public.note_task_step(p_id, 'ask', 'approval_requested', jsonb_build_object('approval_id', p_approval_id));
  return true;
end;
$$;

comment on function public.await_task_approval(uuid, text, uuid) is
  'Lets a task wait for its approval.';

revoke all on function public.await_task_approval(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.await_task_approval(uuid, text, uuid) to actp_executor;
