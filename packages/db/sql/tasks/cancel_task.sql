-- Gives {result: cancelled | known | already_ended | effect_under_way | not_found, task}. Once an effect is reserved, there is no way back.
create or replace function public.cancel_task(p_id uuid, p_user uuid, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks;
begin
  select * into t from public.actp_tasks q where q.id = p_id and q.user_id = p_user for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if t.ended_at is not null then
    return jsonb_build_object('result', case t.status when 'cancelled' then 'known' else 'already_ended' end, 'task', public.task_json(t));
  end if;
  if exists (select from public.actp_task_effects e where e.task_id = p_id) then
    return jsonb_build_object('result', 'effect_under_way', 'task', public.task_json(t));
  end if;
  t := public.end_task(p_id, 'cancel', jsonb_build_object('error_code', 'cancelled', 'error', 'cancelled by who asked for it'), p_actor, p_context);
  return jsonb_build_object('result', 'cancelled', 'task', public.task_json(t));
end;
$$;

comment on function public.cancel_task(uuid, uuid, text, jsonb) is
  'Cancels a task on behalf of its user, unless an effect is under way.';

revoke all on function public.cancel_task(uuid, uuid, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.cancel_task(uuid, uuid, text, jsonb) to actp_gateway;
