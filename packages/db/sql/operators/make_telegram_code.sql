-- For oneself only. Gives created, too_many or forbidden. An earlier code ends.
create or replace function public.make_telegram_code(
  p_user_id uuid, p_code_hash bytea, p_minutes integer, p_actor text, p_context jsonb
) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  perform public.assert_may_act(p_actor, p_context);
  perform from public.actp_users u where u.id = p_user_id for no key update;
  if public.person_of(p_actor) is distinct from 'user:' || p_user_id then
    return 'forbidden';
  end if;
  delete from public.actp_telegram_codes c where c.created_at < v_now - interval '1 day';
  if (select count(*) from public.actp_telegram_codes c
      where c.user_id = p_user_id and c.created_at > v_now - interval '1 hour') >= 10
  then
    return 'too_many';
  end if;
  update public.actp_telegram_codes c set used_at = v_now where c.user_id = p_user_id and c.used_at is null;
  insert into public.actp_telegram_codes (code_hash, user_id, created_at, expires_at)
  values (p_code_hash, p_user_id, v_now, v_now + make_interval(mins => p_minutes));
  perform public.audit_change('operator.telegram_code', 'ok', p_actor, '{}', p_context);
  return 'created';
end;
$$;

comment on function public.make_telegram_code(uuid, bytea, integer, text, jsonb) is
  'Stores the hash of a code with which an operator links a Telegram id, and writes the audit event.';

revoke all on function public.make_telegram_code(uuid, bytea, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.make_telegram_code(uuid, bytea, integer, text, jsonb) to actp_gateway;
