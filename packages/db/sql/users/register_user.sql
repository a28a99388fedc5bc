-- Gives {result: registered | exists | free, user: {id, email}}. Without a password hash it only looks (free, or exists with its row in
-- the log), so that nobody makes the gateway hash passwords for an address that is taken. Whatever account has the address, the
-- answer is the same: of a user, of an operator, invited or disabled, and of the configured operator who is still to be made.
create or replace function public.register_user(
  p_email text, p_password_hash text, p_operator_email text, p_actor text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_email constant text := lower(p_email);
  v_id uuid;
begin
  if p_actor is not null then
    perform public.assert_may_act(p_actor, p_context);
  end if;
  if v_email <> lower(p_operator_email) and not exists (select from public.actp_users u where lower(u.email) = v_email) then
    if p_password_hash is null then
      return jsonb_build_object('result', 'free');
    end if;
    insert into public.actp_users (email, password_hash, role) values (v_email, p_password_hash, 'user')
    on conflict ((lower(email))) do nothing
    returning id into v_id;
  end if;
  perform public.audit_change(
    'auth.register', case when v_id is null then 'error' else 'ok' end,
    -- Who is refused has not shown to be the person of the account.
    coalesce(p_actor, case when v_id is null then 'login:' else 'user:' end || v_email),
    jsonb_build_object('of', v_email) || case
      when v_id is null then jsonb_build_object('refused', 'exists')
      else jsonb_build_object('user_id', v_id) end,
    p_context);
  if v_id is null then
    return jsonb_build_object('result', 'exists');
  end if;
  return jsonb_build_object('result', 'registered', 'user', jsonb_build_object('id', v_id, 'email', v_email));
end;
$$;

comment on function public.register_user(text, text, text, text, jsonb) is
  'Creates the account of a user if no account with this email address exists, and writes the audit event.';

revoke all on function public.register_user(text, text, text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.register_user(text, text, text, text, jsonb) to actp_gateway;
