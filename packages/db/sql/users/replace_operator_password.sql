-- The password of an operator becomes another one, with an audit row, in one transaction. Only when the stored hash is
-- still the one that the caller looked at: of two copies that start at the same moment one does it.
--
-- Whoever sets OPERATOR_PASSWORD of a copy also holds the key of the database, so that this opens nothing that was closed.
-- The new hash is remembered as the configured one: only another OPERATOR_PASSWORD is applied again, so that a password that was
-- changed over HTTP stays. It never touches the account of a user: registering the operator's address first must not lead anywhere.
create or replace function public.replace_operator_password(p_email text, p_stored_hash text, p_new_hash text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  update public.actp_users u
  set password_hash = p_new_hash, configured_hash = p_new_hash, invite_hash = null, invite_expires_at = null
  where lower(u.email) = lower(p_email) and u.role = 'operator' and u.password_hash is not distinct from p_stored_hash
  returning u.id into v_id;
  if v_id is null then
    return false;
  end if;
  insert into public.actp_agent_audit_log (agent_id, action_type, status, result, started_at, completed_at, source)
  values ('gateway', 'operator.replace_password', 'ok',
          jsonb_build_object('operator', lower(p_email), 'user_id', v_id, 'reason', 'OPERATOR_PASSWORD was changed'),
          clock_timestamp(), clock_timestamp(), 'plane');
  return true;
end;
$$;

comment on function public.replace_operator_password(text, text, text) is
  'Replaces the password hash of an operator if it is still the expected one, and writes the audit event.';

revoke all on function public.replace_operator_password(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.replace_operator_password(text, text, text) to actp_gateway;
