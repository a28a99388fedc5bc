-- p_request: {user_id, prompt, max_spend_minor (null: the most), most_minor, idempotency_key, request_digest, findings}.
-- Gives {result: created | known | idempotency_mismatch | above_most | not_user, task}.
create or replace function public.create_task(p_request jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks;
  v_user uuid := (p_request ->> 'user_id')::uuid;
  v_most bigint := public.minor_units((p_request ->> 'most_minor')::numeric, 'most_minor');
  v_max bigint := public.minor_units(coalesce(p_request ->> 'max_spend_minor', p_request ->> 'most_minor')::numeric, 'max_spend_minor');
  v_key text := p_request ->> 'idempotency_key';
  v_actor text;
begin
  -- What was asked by a session that has ended meanwhile is not done.
  select 'user:' || u.email into v_actor
  from public.actp_users u join public.actp_sessions s on s.user_id = u.id
  where u.id = v_user and u.disabled_at is null and u.role = 'user'
    and s.id = (p_context ->> 'session_id')::uuid and s.ended_at is null and s.expires_at > clock_timestamp();
  if not found then
    return jsonb_build_object('result', 'not_user');
  end if;
  if v_max > v_most then
    perform public.audit_change('security.policy_violation', 'denied', v_actor,
      jsonb_build_object('rule', 'MAX_SPEND_PER_TASK', 'attempt', 'tasks.create', 'max_spend_minor', v_max, 'most_minor', v_most),
      p_context);
    return jsonb_build_object('result', 'above_most');
  end if;
  insert into public.actp_tasks
    (user_id, prompt, max_spend_minor, ip_address, user_agent, request_id, idempotency_key, request_digest, due_at)
  values
    (v_user, p_request ->> 'prompt', v_max, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512),
     p_context ->> 'request_id', v_key, p_request ->> 'request_digest', clock_timestamp() + interval '5 seconds')
  on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing
  returning * into t;
  if not found then
    select * into strict t from public.actp_tasks q where q.user_id = v_user and q.idempotency_key = v_key;
    return case when t.request_digest is distinct from p_request ->> 'request_digest'
      then jsonb_build_object('result', 'idempotency_mismatch')
      else jsonb_build_object('result', 'known', 'task', public.task_json(t)) end;
  end if;
  insert into public.actp_task_steps (task_id, version, name, status, facts)
  values (t.id, t.version, 'created', t.status, jsonb_strip_nulls(jsonb_build_object('findings', p_request -> 'findings')));
  perform public.audit_task(t, 'tasks.create', 'ok', v_actor, jsonb_build_object('max_spend_minor', v_max), p_context);
  if jsonb_typeof(p_request -> 'findings') = 'array' and jsonb_array_length(p_request -> 'findings') > 0 then
    perform public.audit_task(t, 'security.suspicious_text', 'ok', v_actor,
      jsonb_build_object('attempt', 'tasks.create', 'reasons', p_request -> 'findings'), p_context);
  end if;
  return jsonb_build_object('result', 'created', 'task', public.task_json(t));
end;
$$;

comment on function public.create_task(jsonb, jsonb) is
  'Stores a task that a user asks for, and writes the audit event. The same idempotency key and body return the existing task.';

revoke all on function public.create_task(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_task(jsonb, jsonb) to actp_gateway;
