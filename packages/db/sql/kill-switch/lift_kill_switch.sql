-- Lifts a scope. Gives {result: lifted | not_found, switch, notification_id}. With p_id only that very switch, and none
-- that was set after it.
create or replace function public.lift_kill_switch(p_scope text, p_id uuid, p_reason text, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  k public.actp_kill_switches;
  v_reason text := left(actp_audit.redact_text(p_reason), 500);
  v_notification uuid;
begin
  perform public.assert_may_act(p_actor, p_context);
  update public.actp_kill_switches s
  set lifted_by = p_actor, lift_reason = v_reason, lifted_at = clock_timestamp()
  where s.lifted_at is null and s.scope = p_scope and (p_id is null or s.id = p_id)
  returning * into k;
  if not found then
    perform public.audit_change('security.kill_switch_lifted', 'error', p_actor,
      jsonb_build_object('scope', p_scope, 'refused', 'not_found'), p_context);
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.audit_change('security.kill_switch_lifted', 'ok', p_actor,
    jsonb_build_object('scope', k.scope, 'reason', v_reason, 'set_by', k.set_by, 'set_at', k.set_at), p_context);
  v_notification := public.enqueue_notification('kill-switch:' || k.id || ':lifted', 'kill_switch.lifted', concat_ws(E'\n',
    '▶️ Lifted: ' || k.scope, 'Reason: ' || v_reason, 'By ' || p_actor || coalesce(' (' || public.actor_name(p_actor) || ')', '')
        || '; it was set by ' || k.set_by || coalesce(' (' || public.actor_name(k.set_by) || ')', ''),
    'Approvals that have not expired continue.'));
  return jsonb_build_object('result', 'lifted', 'switch', public.kill_switch_json(k), 'notification_id', v_notification);
end;
$$;

comment on function public.lift_kill_switch(text, uuid, text, text, jsonb) is
  'Lifts a kill switch, and writes the audit event and the notification.';

revoke all on function public.lift_kill_switch(text, uuid, text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.lift_kill_switch(text, uuid, text, text, jsonb) to actp_gateway;
