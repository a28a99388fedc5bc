-- A pressed button. p_confirmed says that it was the second button of a critical approval. The answer is that of
-- decide_approval, or {result: confirm | confirm_expired | not_yours}: then nothing is decided. p_policy as in decide_approval.
create or replace function public.press_approval(
  p_id uuid, p_decision text, p_confirmed boolean, p_action_digest text, p_actor text, p_telegram jsonb, p_context jsonb,
  p_policy jsonb default null
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_first timestamptz;
  v_refusal text;
begin
  if p_actor is null or p_actor !~ '^telegram:[0-9]{1,20}$' or p_telegram is null then
    raise exception 'only a person presses, and only in Telegram' using errcode = 'invalid_parameter_value';
  end if;
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  v_now := clock_timestamp();
  -- A policy that marks it critical since: two presses from now on.
  a.critical := a.critical or coalesce((p_policy ->> 'critical')::boolean, false);

  -- Only a yes to something critical that could count takes two presses; all else is decide_approval's to take or refuse.
  if not found or p_decision is distinct from 'approved' or not a.critical
    or a.status <> 'pending' or a.expires_at <= v_now
    or a.action_digest is distinct from p_action_digest or not public.may_act(p_actor, null)
    or public.asked_for_itself(a, p_actor)
    or public.approval_block(a) is not null
    or jsonb_typeof(p_policy -> 'denied') = 'object'
    or not exists (
      select from public.actp_approval_cards c
      where c.approval_id = p_id and c.message_id = (p_telegram ->> 'message_id')::bigint
        and c.chat_id = p_telegram ->> 'chat_id')
  then
    return public.decide_approval(p_id, p_decision, p_action_digest, p_actor, null, p_telegram, p_context, p_policy);
  end if;

  select f.pressed_at into v_first
  from public.actp_approval_first_presses f where f.approval_id = p_id and f.actor = p_actor;
  if p_confirmed and v_first >= v_now - interval '60 seconds' then
    delete from public.actp_approval_first_presses f where f.approval_id = p_id and f.actor = p_actor;
    return public.decide_approval(p_id, p_decision, p_action_digest, p_actor, null, p_telegram, p_context, p_policy);
  end if;

  insert into public.actp_telegram_updates (update_id)
  values ((p_telegram ->> 'update_id')::bigint)
  on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate', 'approval', public.approval_json(a));
  end if;

  if p_confirmed then
    v_refusal := case
      when v_first is null and exists (
        select from public.actp_approval_first_presses f
        where f.approval_id = p_id and f.pressed_at >= v_now - interval '60 seconds')
      then 'not_yours' else 'confirm_expired' end;
    perform public.audit_approval(a, 'approval.decide', 'denied', p_actor,
      jsonb_build_object('decision', p_decision, 'refused', v_refusal), p_context);
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  insert into public.actp_approval_first_presses as f (approval_id, actor, pressed_at)
  values (p_id, p_actor, v_now)
  on conflict (approval_id, actor) do update set pressed_at = excluded.pressed_at;
  perform public.audit_approval(a, 'approval.press', 'ok', p_actor,
    jsonb_build_object('decision', p_decision, 'confirmed', false), p_context);
  return jsonb_build_object('result', 'confirm', 'approval', public.approval_json(a));
end;
$$;

comment on function public.press_approval(uuid, text, boolean, text, text, jsonb, jsonb, jsonb) is
  'Processes a pressed button of an approval card.';

revoke all on function public.press_approval(uuid, text, boolean, text, text, jsonb, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.press_approval(uuid, text, boolean, text, text, jsonb, jsonb, jsonb) to actp_bot;
