-- An operator has seen this damage and goes on. Nothing is repaired, and nothing is forgotten: reports keep naming it.
create or replace function public.acknowledge_audit_damage(
  p_damage jsonb, p_stored jsonb, p_outside jsonb, p_reason text, p_actor text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_reason text := left(actp_audit.redact_text(p_reason), 500);
  a actp_audit.acknowledgements;
  v_notification uuid;
begin
  perform public.assert_may_act(p_actor, p_context);
  insert into actp_audit.acknowledgements (damage, stored, outside, reason, acknowledged_by)
  values (p_damage, nullif(p_stored, 'null'), nullif(p_outside, 'null'), v_reason, p_actor)
  returning * into a;
  perform public.audit_change('audit.acknowledge', 'ok', p_actor,
    jsonb_build_object('id', a.id, 'reason', v_reason, 'places', jsonb_array_length(p_damage), 'first', p_damage -> 0), p_context);
  v_notification := public.enqueue_notification('audit-acknowledged:' || a.id, 'audit.acknowledged', concat_ws(E'\n',
    '⚠️ Damage in the audit log was acknowledged: ' || jsonb_array_length(p_damage) || ' place(s).',
    'Reason: ' || v_reason, 'By ' || p_actor || '. Checkpoints continue; reports keep naming the damage.'));
  return jsonb_build_object('id', a.id, 'acknowledged_at', a.acknowledged_at, 'notification_id', v_notification);
end;
$$;

comment on function public.acknowledge_audit_damage(jsonb, jsonb, jsonb, text, text, jsonb) is
  'Stores that an operator has acknowledged damage in the audit log, and writes the audit event and the notification.';

revoke all on function public.acknowledge_audit_damage(jsonb, jsonb, jsonb, text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.acknowledge_audit_damage(jsonb, jsonb, jsonb, text, text, jsonb) to actp_gateway;
