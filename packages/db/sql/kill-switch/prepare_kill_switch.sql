create or replace function public.prepare_kill_switch(
  p_kind text, p_scope text, p_switch_id uuid, p_reason text, p_actor text, p_chat_id text
) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  perform public.assert_may_act(p_actor, null);
  -- Nobody needs them after two minutes.
  delete from public.actp_kill_switch_commands c where c.created_at < clock_timestamp() - interval '1 day';
  insert into public.actp_kill_switch_commands (kind, scope, switch_id, reason, actor, chat_id)
  values (p_kind, p_scope, p_switch_id, left(actp_audit.redact_text(p_reason), 500), p_actor, p_chat_id)
  returning id into v_id;
  return v_id;
end;
$$;

comment on function public.prepare_kill_switch(text, text, uuid, text, text, text) is
  'Stores a kill switch command of Telegram until its confirmation button is pressed.';

revoke all on function public.prepare_kill_switch(text, text, uuid, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.prepare_kill_switch(text, text, uuid, text, text, text) to actp_bot;
