create or replace function public.task_json(t public.actp_tasks) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', t.id,
    'requested_by', 'user:' || (select u.email from public.actp_users u where u.id = t.user_id),
    'status', t.status,
    'prompt', t.prompt,
    'agent', t.agent,
    'result', t.result,
    'error', t.error,
    'error_code', t.error_code,
    'max_spend_minor', t.max_spend_minor,
    'cost_minor', t.cost_minor,
    'approval_id', t.approval_id,
    'effects', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', e.id, 'kind', e.kind, 'state', e.state, 'reference', e.reference, 'reason', e.reason,
        'attempts', e.attempts, 'approval_id', e.approval_id) order by e.place)
      from public.actp_task_effects e where e.task_id = t.id), '[]'),
    'created_at', t.created_at,
    'updated_at', t.updated_at,
    'ended_at', t.ended_at,
    'version', t.version);
$$;

comment on function public.task_json(public.actp_tasks) is
  'Converts a task to the JSON that callers get; amounts are in minor units.';

revoke all on function public.task_json(public.actp_tasks) from public, anon, authenticated, service_role;
