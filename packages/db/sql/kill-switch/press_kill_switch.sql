-- A pressed button. p_refusal is what already speaks against the press (a stranger, too late), p_confirmed is false for the
-- button that does nothing. Gives what set_kill_switch or lift_kill_switch give, or {result: dismissed | duplicate |
-- refused, refusal, scope}. Each update counts once, each button too.
create or replace function public.press_kill_switch(
  p_id uuid, p_confirmed boolean, p_actor text, p_chat_id text, p_update_id bigint, p_refusal text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  c public.actp_kill_switch_commands;
  v_refusal text := p_refusal;
  v_answer jsonb;
begin
  insert into public.actp_telegram_updates (update_id) values (p_update_id) on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate');
  end if;
  select * into c from public.actp_kill_switch_commands k where k.id = p_id for update;
  v_refusal := coalesce(v_refusal, case
    when not public.may_act(p_actor, null) then 'not_operator'
    when c.id is null then 'unknown'
    when c.actor is distinct from p_actor then 'not_yours'
    when c.chat_id is distinct from p_chat_id then 'other_chat'
    when c.done_at is not null then 'done'
    when c.created_at < clock_timestamp() - interval '2 minutes' then 'expired' end);
  if v_refusal is not null then
    perform public.audit_change('kill_switch.press', 'denied', p_actor,
      jsonb_build_object('refused', v_refusal, 'kind', c.kind, 'scope', c.scope), p_context);
    return jsonb_build_object('result', 'refused', 'refusal', v_refusal, 'scope', c.scope);
  end if;
  update public.actp_kill_switch_commands k set done_at = clock_timestamp() where k.id = p_id;
  if not p_confirmed then
    return jsonb_build_object('result', 'dismissed', 'scope', c.scope);
  end if;
  if c.kind = 'stop' then
    v_answer := public.set_kill_switch(c.scope, coalesce(c.reason, 'stopped in Telegram'), p_actor, p_context);
  else
    v_answer := public.lift_kill_switch(c.scope, c.switch_id, c.reason, p_actor, p_context);
  end if;
  return v_answer || jsonb_build_object('scope', c.scope);
end;
$$;

comment on function public.press_kill_switch(uuid, boolean, text, text, bigint, text, jsonb) is
  'Processes a pressed button of a kill switch command.';

revoke all on function public.press_kill_switch(uuid, boolean, text, text, bigint, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.press_kill_switch(uuid, boolean, text, text, bigint, text, jsonb) to actp_bot;
