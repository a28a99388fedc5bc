-- Of oneself only. Gives unlinked, not_found or forbidden. The id goes on counting as this person until it is linked to another.
create or replace function public.unlink_telegram(p_user_id uuid, p_actor text, p_context jsonb) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_telegram_id bigint;
begin
  perform public.assert_may_act(p_actor, p_context);
  if public.person_of(p_actor) is distinct from 'user:' || p_user_id then
    return 'forbidden';
  end if;
  update public.actp_telegram_links l set unlinked_at = clock_timestamp()
  where l.user_id = p_user_id and l.unlinked_at is null
  returning l.telegram_id into v_telegram_id;
  if not found then
    return 'not_found';
  end if;
  perform public.audit_change('operator.telegram_unlink', 'ok', p_actor,
    jsonb_build_object('telegram_id', v_telegram_id), p_context);
  return 'unlinked';
end;
$$;

comment on function public.unlink_telegram(uuid, text, jsonb) is
  'Ends the link between an operator and a Telegram id, and writes the audit event.';

revoke all on function public.unlink_telegram(uuid, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.unlink_telegram(uuid, text, jsonb) to actp_gateway;
