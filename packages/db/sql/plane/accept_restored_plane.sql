-- An operator takes this copy for the plane. What could release something in it is void: approvals that are open or granted, tasks that
-- have not ended, sessions. What was stopped when the anchor was written is stopped; everything is, when nobody knows. One transaction.
-- p_dry_run: only says what would be done. Gives {result: accepted | would_accept | not_held | not_compared | signing_key, ...counts}.
create or replace function public.accept_restored_plane(p_actor text, p_new_signing_key boolean, p_dry_run boolean, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  p actp_audit.plane;
  a public.actp_approval_queue;
  t public.actp_tasks;
  e public.actp_task_effects;
  v_facts jsonb;
  v_stopped jsonb;
  v_set text[];
  v_count integer;
  v_why constant text := 'an older copy of the database was put back';
begin
  if p_actor is null or p_actor !~ '^system:.{1,100}$' then
    raise exception 'only an operator at the command line accepts a restored database' using errcode = 'invalid_parameter_value';
  end if;
  select * into strict p from actp_audit.plane for update;
  if p.held_code is null then
    return jsonb_build_object('result', case when public.plane_hold() is null then 'not_held' else 'not_compared' end);
  end if;
  if p.held_code = 'signing_key' and not p_new_signing_key then
    return jsonb_build_object('result', 'signing_key', 'reason', p.held_reason);
  end if;
  v_stopped := coalesce(p.held_stopped, '[{"scope": "all", "reason": "nobody knows what was stopped"}]');
  v_facts := jsonb_build_object(
    'code', p.held_code, 'reason', p.held_reason, 'held_at', p.held_at,
    'pending', (select count(*) from public.actp_approval_queue q where q.status = 'pending'),
    'granted', (select count(*) from public.actp_approval_queue q
      where q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null),
    'tasks', (select count(*) from public.actp_tasks q where q.ended_at is null),
    'effects', (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'task_id', f.task_id, 'action', f.action, 'key', f.key)), '[]')
      from (select * from public.actp_task_effects x where x.state in ('reserved', 'unknown') order by x.reserved_at limit 20) f),
    'sessions', (select count(*) from public.actp_sessions s where s.ended_at is null and s.expires_at > clock_timestamp()),
    'stopped', (select coalesce(jsonb_agg(s ->> 'scope'), '[]') from jsonb_array_elements(v_stopped) s));
  if p_dry_run then
    return v_facts || '{"result": "would_accept"}';
  end if;

  -- Others see none of this before it is all done.
  update actp_audit.plane set
    held_code = null, held_reason = null, held_at = null, held_stopped = null,
    -- Later than the anchor that held it, which another accepted copy may have written.
    epoch = greatest(epoch, held_epoch) + 1, held_epoch = null, accepted_at = clock_timestamp(),
    signing_key = case when p_new_signing_key then null else signing_key end, confirmed_for = actp_audit.plane_mark();
  v_set := public.stop_again(v_stopped, v_why, p_actor, p_context);

  for e in select * from public.actp_task_effects f where f.state = 'reserved' order by f.id for update loop
    select * into strict t from public.actp_tasks q where q.id = e.task_id for update;
    perform public.settle_effect(e.id, 'unknown', jsonb_build_object('reason', v_why || ', and it may have happened since that copy was made'), t);
  end loop;
  for a in select * from public.actp_approval_queue q where q.status = 'pending' order by q.id for update loop
    update public.actp_approval_queue q set status = 'cancelled', version = q.version + 1 where q.id = a.id returning q.* into strict a;
    perform public.note_approval_event(a, 'cancelled');
    perform public.audit_approval(a, 'approval.cancel', 'ok', p_actor, jsonb_build_object('reason', v_why), p_context);
  end loop;
  for a in
    select * from public.actp_approval_queue q
    where q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null order by q.id for update
  loop
    update public.actp_approval_queue q set lapsed_at = clock_timestamp(), version = q.version + 1 where q.id = a.id returning q.* into strict a;
    perform public.note_approval_event(a, 'lapsed');
    perform public.audit_approval(a, 'approval.lapse', 'denied', p_actor, jsonb_build_object('reason', v_why), p_context);
  end loop;
  for t in select * from public.actp_tasks q where q.ended_at is null order by q.id for update loop
    perform public.end_task(t.id, 'fail', jsonb_build_object('error_code', 'restored',
      'error', v_why || '; it may have been done since that copy was made'), p_actor, public.task_context(t));
  end loop;
  update public.actp_sessions s set ended_at = clock_timestamp(), end_reason = 'restored'
  where s.ended_at is null and s.expires_at > clock_timestamp();
  get diagnostics v_count = row_count;
  delete from public.actp_approval_first_presses;

  perform public.audit_change('plane.accepted', 'ok', p_actor,
    v_facts || jsonb_build_object('new_signing_key', p_new_signing_key, 'sessions', v_count, 'set', to_jsonb(v_set)), p_context);
  perform public.enqueue_notification('plane-accepted:' || clock_timestamp(), 'plane.accepted', concat_ws(E'\n',
    '⚠️ A restored database was accepted by ' || p_actor || '.',
    (v_facts ->> 'pending') || ' open and ' || (v_facts ->> 'granted') || ' granted approvals are void, '
      || (v_facts ->> 'tasks') || ' tasks ended, everybody has to log in again.',
    case when jsonb_array_length(v_facts -> 'stopped') > 0
      then 'Stopped: ' || (select string_agg(s, ', ') from jsonb_array_elements_text(v_facts -> 'stopped') s) end));
  return v_facts || jsonb_build_object('result', 'accepted', 'sessions', v_count);
end;
$$;

comment on function public.accept_restored_plane(text, boolean, boolean, jsonb) is
  'Accepts a restored database as the plane: voids what could release something in it, and stops what was stopped.';

revoke all on function public.accept_restored_plane(text, boolean, boolean, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.accept_restored_plane(text, boolean, boolean, jsonb) to actp_cli;
