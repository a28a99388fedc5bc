-- What an executor needs to go on with a task.
create or replace function public.task_work(t public.actp_tasks) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', t.id,
    'status', t.status,
    'prompt', t.prompt,
    'agent', t.agent,
    'plan', t.plan,
    'max_spend_minor', t.max_spend_minor,
    'approval_id', t.approval_id,
    'requested_by', 'user:' || (select u.email from public.actp_users u where u.id = t.user_id),
    'user_id', t.user_id,
    'ip', host(t.ip_address),
    'user_agent', t.user_agent,
    'request_id', t.request_id,
    'claims', t.claims,
    'spent_today_minor', coalesce((
      select d.spent_minor + d.reserved_minor from public.actp_daily_spend d
      where d.user_id = t.user_id and d.day = (clock_timestamp() at time zone 'UTC')::date), 0),
    'effects', coalesce((
      select jsonb_agg(public.effect_json(e) order by e.place) from public.actp_task_effects e where e.task_id = t.id), '[]'));
$$;

comment on function public.task_work(public.actp_tasks) is
  'Converts a task to the JSON that the executor gets.';

revoke all on function public.task_work(public.actp_tasks) from public, anon, authenticated, service_role;
