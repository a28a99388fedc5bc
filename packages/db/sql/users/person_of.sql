-- One person is one identity, whichever way they act: `user:<id>` for an operator, by e-mail address or by a Telegram id that is or
-- was linked to the account. A Telegram id that never was counts as itself.
create or replace function public.person_of(p_actor text) returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_user uuid;
begin
  if p_actor like 'operator:%' then
    select u.id into v_user from public.actp_users u where lower(u.email) = lower(substr(p_actor, 10));
    return 'user:' || v_user;
  end if;
  if p_actor ~ '^telegram:[0-9]{1,18}$' then
    select l.user_id into v_user from public.actp_telegram_links l
    where l.telegram_id = substr(p_actor, 10)::bigint order by l.id desc limit 1;
    return coalesce('user:' || v_user, p_actor);
  end if;
  return null;
end;
$$;

comment on function public.person_of(text) is
  'Returns the identity of the person behind operator:<email> or telegram:<user id>, or null.';

revoke all on function public.person_of(text) from public, anon, authenticated, service_role;
