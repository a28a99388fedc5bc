-- "Back" under a critical card: whoever began has to begin again.
create or replace function public.take_back_press(p_id uuid, p_actor text, p_update_id bigint, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  insert into public.actp_telegram_updates (update_id) values (p_update_id) on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate', 'approval', public.approval_json(a));
  end if;
  if not public.may_act(p_actor, null) then
    perform public.audit_approval(a, 'approval.press', 'denied', p_actor,
      jsonb_build_object('taken_back', false, 'refused', 'not_operator'), p_context);
    return jsonb_build_object('result', 'not_operator', 'approval', public.approval_json(a));
  end if;
  delete from public.actp_approval_first_presses f where f.approval_id = p_id;
  perform public.audit_approval(a, 'approval.press', 'ok', p_actor, jsonb_build_object('taken_back', true), p_context);
  return jsonb_build_object('result', 'taken_back', 'approval', public.approval_json(a));
end;
$$;

comment on function public.take_back_press(uuid, text, bigint, jsonb) is
  'Discards the first of the two presses that a critical approval needs.';

revoke all on function public.take_back_press(uuid, text, bigint, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.take_back_press(uuid, text, bigint, jsonb) to actp_bot;
