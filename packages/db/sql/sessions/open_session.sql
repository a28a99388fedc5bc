-- Only when the account still has the password that was verified a moment ago. Of one account so many sessions are kept: the oldest end.
create or replace function public.open_session(
  p_user_id uuid, p_password_hash text, p_kind text, p_hours integer, p_context jsonb
) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_role text;
  v_id uuid;
begin
  select u.role into v_role from public.actp_users u
  where u.id = p_user_id and u.password_hash = p_password_hash and u.disabled_at is null
  for no key update;
  if not found then
    return null;
  end if;
  delete from public.actp_sessions s
  where s.user_id = p_user_id and (s.expires_at < v_now - interval '1 day' or s.ended_at < v_now - interval '1 day');
  update public.actp_sessions s set ended_at = v_now, end_reason = 'too_many'
  where s.id in (
    select o.id from public.actp_sessions o
    where o.user_id = p_user_id and o.ended_at is null
    order by o.created_at desc offset 199);
  insert into public.actp_sessions (user_id, kind, role, created_at, expires_at, ip, user_agent)
  values (p_user_id, p_kind, v_role, v_now, v_now + make_interval(hours => p_hours), (p_context ->> 'ip')::inet,
    left(p_context ->> 'user_agent', 512))
  returning id into v_id;
  return v_id;
end;
$$;

comment on function public.open_session(uuid, text, text, integer, jsonb) is
  'Opens a session of an account and returns its id, or null when the password has changed or the account is disabled.';

revoke all on function public.open_session(uuid, text, text, integer, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.open_session(uuid, text, text, integer, jsonb) to actp_gateway;
