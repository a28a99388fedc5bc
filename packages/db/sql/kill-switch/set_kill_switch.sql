-- Stops a scope. Gives {result: set | known | too_many, switch, notification_id}; known: it was stopped before, and stays so
-- for the reason that was given then. p_actor is telegram:<user id> or operator:<email>.
create or replace function public.set_kill_switch(p_scope text, p_reason text, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  k public.actp_kill_switches;
  v_reason text := left(actp_audit.redact_text(p_reason), 500);
  v_lock_timeout text := current_setting('lock_timeout');
  v_notification uuid;
begin
  perform public.assert_may_act(p_actor, p_context);
  begin
    -- What is being released now is done in a moment. What hangs must not keep the switch from being set.
    perform set_config('lock_timeout', '300ms', true);
    perform pg_advisory_xact_lock(hashtextextended('actp.kill_switch', 0));
    perform set_config('lock_timeout', v_lock_timeout, true);
  exception when lock_not_available then null;
  end;
  -- Every process reads all of them several times a second. Stopping everything is what is left then, and never refused.
  if p_scope <> 'all' and (select count(*) from public.actp_kill_switches s where s.lifted_at is null) >= 200
    and not exists (select from public.actp_kill_switches s where s.lifted_at is null and s.scope = p_scope)
  then
    return jsonb_build_object('result', 'too_many');
  end if;
  loop
    insert into public.actp_kill_switches (scope, reason, set_by) values (p_scope, v_reason, p_actor)
    on conflict (scope) where lifted_at is null do nothing
    returning * into k;
    if found then
      perform public.audit_change('security.kill_switch_set', 'ok', p_actor,
        jsonb_build_object('scope', k.scope, 'reason', k.reason), p_context);
      v_notification := public.enqueue_notification('kill-switch:' || k.id || ':set', 'kill_switch.set', concat_ws(E'\n',
        '🛑 STOPPED: ' || k.scope, 'Reason: ' || k.reason, 'By ' || p_actor || coalesce(' (' || public.actor_name(p_actor) || ')', ''),
        'Everything in this scope is denied, and nothing in it is decided or released, until an operator lifts it (/resume).'));
      return jsonb_build_object('result', 'set', 'switch', public.kill_switch_json(k), 'notification_id', v_notification);
    end if;
    select * into k from public.actp_kill_switches s where s.scope = p_scope and s.lifted_at is null for share;
    -- Lifted in this very moment: then it is to be set.
    continue when not found;
    perform public.audit_change('security.kill_switch_set', 'ok', p_actor,
      jsonb_build_object('scope', k.scope, 'reason', v_reason, 'already_set', true), p_context);
    return jsonb_build_object('result', 'known', 'switch', public.kill_switch_json(k));
  end loop;
end;
$$;

comment on function public.set_kill_switch(text, text, text, jsonb) is
  'Sets a kill switch for a scope, and writes the audit event and the notification.';

revoke all on function public.set_kill_switch(text, text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.set_kill_switch(text, text, text, jsonb) to actp_gateway;
