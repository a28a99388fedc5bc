-- A reply to a card: it rejects with a reason what is pending, and gives a reason to a rejection of the same person that has none. It never
-- approves. The answer is that of decide_approval, or {result: reason_noted}.
create or replace function public.reject_by_reply(
  p_id uuid, p_reason text, p_action_digest text, p_actor text, p_telegram jsonb, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  if p_actor is null or p_actor !~ '^telegram:[0-9]{1,20}$' or p_telegram is null or coalesce(p_reason, '') = '' then
    raise exception 'only a person replies, in Telegram, and with a reason' using errcode = 'invalid_parameter_value';
  end if;
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found or a.status <> 'rejected' or a.decision_reason is not null
    or public.person_of(a.decided_by) is distinct from public.person_of(p_actor)
    or not public.may_act(p_actor, null)
  then
    return public.decide_approval(p_id, 'rejected', p_action_digest, p_actor, p_reason, p_telegram, p_context);
  end if;
  insert into public.actp_telegram_updates (update_id)
  values ((p_telegram ->> 'update_id')::bigint)
  on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate', 'approval', public.approval_json(a));
  end if;
  update public.actp_approval_queue q
  set decision_reason = left(p_reason, 2000), version = q.version + 1
  where q.id = p_id
  returning q.* into strict a;
  perform public.note_approval_event(a, 'rejected');
  perform public.audit_approval(a, 'approval.decide', 'ok', p_actor,
    jsonb_build_object('decision', 'rejected', 'reason_added', true), p_context);
  return jsonb_build_object('result', 'reason_noted', 'approval', public.approval_json(a));
end;
$$;

comment on function public.reject_by_reply(uuid, text, text, text, jsonb, jsonb) is
  'Rejects an approval with a reason, or adds the reason to a rejection by the same person.';

revoke all on function public.reject_by_reply(uuid, text, text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.reject_by_reply(uuid, text, text, text, jsonb, jsonb) to actp_bot;
