-- Gives the operator, or null when the code is wrong, used, too old or withdrawn. Without a password hash it only says whether the code
-- is good, so that nobody without one makes the gateway hash passwords.
create or replace function public.accept_invite(p_code_hash bytea, p_password_hash text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  u public.actp_users;
begin
  select q.* into u from public.actp_users q
  where q.invite_hash = p_code_hash and q.invite_expires_at > clock_timestamp()
    and q.role = 'operator' and q.password_hash is null and q.disabled_at is null
  for update;
  if not found then
    return null;
  end if;
  if p_password_hash is null then
    return public.operator_json(u);
  end if;
  update public.actp_users q
  set password_hash = p_password_hash, invite_hash = null, invite_expires_at = null
  where q.id = u.id returning q.* into u;
  perform public.audit_change('operator.accept_invite', 'ok', 'operator:' || u.email,
    jsonb_build_object('operator', u.email, 'name', u.name), p_context);
  -- The other operators learn of every new one.
  perform public.enqueue_notification('operator:' || u.id || ':joined', 'operator.joined', concat_ws(E'\n',
    '👤 New operator: ' || coalesce(u.name || ' (' || u.email || ')', u.email),
    'The invitation was accepted from ' || coalesce(p_context ->> 'ip', 'an unknown address') || '.'));
  return public.operator_json(u);
end;
$$;

comment on function public.accept_invite(bytea, text, jsonb) is
  'Sets the first password of an invited operator, once, and writes the audit event and the notification.';

revoke all on function public.accept_invite(bytea, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.accept_invite(bytea, text, jsonb) to actp_gateway;
