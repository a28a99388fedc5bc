-- Everybody ends their own session, an operator any. Gives ended, not_found or forbidden.
create or replace function public.end_session(p_id uuid, p_reason text, p_actor text, p_context jsonb) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  s public.actp_sessions;
  v_email text;
begin
  if p_id is distinct from (p_context ->> 'session_id')::uuid and not public.may_act(p_actor, p_context) then
    return 'forbidden';
  end if;
  update public.actp_sessions q set ended_at = clock_timestamp(), end_reason = p_reason
  where q.id = p_id and q.ended_at is null and q.expires_at > clock_timestamp()
  returning q.* into s;
  if not found then
    return 'not_found';
  end if;
  select u.email into v_email from public.actp_users u where u.id = s.user_id;
  perform public.audit_change('session.end', 'ok', p_actor,
    jsonb_build_object('session_id', s.id, 'of', v_email, 'kind', s.kind, 'reason', p_reason), p_context);
  return 'ended';
end;
$$;

comment on function public.end_session(uuid, text, text, jsonb) is
  'Ends a session, and writes the audit event.';

revoke all on function public.end_session(uuid, text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.end_session(uuid, text, text, jsonb) to actp_gateway;
