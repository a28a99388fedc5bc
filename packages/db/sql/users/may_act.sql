-- The last word about who decides, also when an app does not know yet that an account was disabled or a session has ended. A Telegram id
-- that is or was linked acts as long as its operator may; one whose account was deleted does not. Whether an id that was never linked
-- may act is for TELEGRAM_APPROVER_IDS to say.
create or replace function public.may_act(p_actor text, p_context jsonb) returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_user uuid;
  v_linked boolean := false;
begin
  if p_actor like 'operator:%' then
    select u.id into v_user from public.actp_users u where lower(u.email) = lower(substr(p_actor, 10));
  elsif p_actor ~ '^telegram:[0-9]{1,18}$' then
    select true, l.user_id into v_linked, v_user from public.actp_telegram_links l
    where l.telegram_id = substr(p_actor, 10)::bigint order by l.id desc limit 1;
    if v_linked is not true then
      return true;
    end if;
  end if;
  if not exists (
    select from public.actp_users u
    where u.id = v_user and u.role = 'operator' and u.disabled_at is null and u.password_hash is not null)
  then
    return false;
  end if;
  return p_context ->> 'session_id' is null or exists (
    select from public.actp_sessions s
    where s.id = (p_context ->> 'session_id')::uuid and s.user_id = v_user
      and s.ended_at is null and s.expires_at > clock_timestamp());
end;
$$;

comment on function public.may_act(text, jsonb) is
  'Says whether a person may act as an operator now: an enabled account, and a live session where the context names one.';

revoke all on function public.may_act(text, jsonb) from public, anon, authenticated, service_role;
