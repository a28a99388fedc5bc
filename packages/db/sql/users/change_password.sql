-- Only of whoever asks, and only when the stored hash is the one that was verified. A trigger ends every session of the account; gives
-- the id of a new session of the same kind in place of the caller's, or null when nothing was changed.
create or replace function public.change_password(
  p_user_id uuid, p_stored_hash text, p_new_hash text, p_hours integer, p_actor text, p_context jsonb
) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_email text;
begin
  update public.actp_users u
  set password_hash = p_new_hash, configured_hash = coalesce(u.configured_hash, u.password_hash)
  where u.id = p_user_id and u.password_hash = p_stored_hash and u.disabled_at is null
    and exists (
      select from public.actp_sessions s
      where s.id = (p_context ->> 'session_id')::uuid and s.user_id = u.id and s.ended_at is null
        and s.expires_at > clock_timestamp())
  returning u.email into v_email;
  if not found then
    return null;
  end if;
  perform public.audit_change('auth.change_password', 'ok', p_actor, jsonb_build_object('of', v_email), p_context);
  return public.open_session(p_user_id, p_new_hash, 'api', p_hours, p_context);
end;
$$;

comment on function public.change_password(uuid, text, text, integer, text, jsonb) is
  'Replaces the password hash of an account, ends its sessions, opens another one and writes the audit event.';

revoke all on function public.change_password(uuid, text, text, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.change_password(uuid, text, text, integer, text, jsonb) to actp_gateway;
