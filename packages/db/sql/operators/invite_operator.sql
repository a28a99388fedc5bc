-- Gives {result: invited | exists, operator}. Who was invited and has not accepted yet gets another code; the earlier one ends.
create or replace function public.invite_operator(
  p_email text, p_name text, p_code_hash bytea, p_hours integer, p_actor text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  u public.actp_users;
begin
  perform public.assert_may_act(p_actor, p_context);
  insert into public.actp_users as q (email, name, role, invite_hash, invite_expires_at)
  values (lower(p_email), p_name, 'operator', p_code_hash, clock_timestamp() + make_interval(hours => p_hours))
  on conflict ((lower(email))) do update
    set name = coalesce(excluded.name, q.name), invite_hash = excluded.invite_hash,
        invite_expires_at = excluded.invite_expires_at, disabled_at = null
    where q.role = 'operator' and q.password_hash is null
  returning q.* into u;
  if not found then
    return jsonb_build_object('result', 'exists');
  end if;
  perform public.audit_change('operator.invite', 'ok', p_actor,
    jsonb_build_object('operator', u.email, 'name', u.name, 'expires_at', u.invite_expires_at), p_context);
  return jsonb_build_object('result', 'invited', 'operator', public.operator_json(u));
end;
$$;

comment on function public.invite_operator(text, text, bytea, integer, text, jsonb) is
  'Creates the account of an invited operator, without a password, and writes the audit event.';

revoke all on function public.invite_operator(text, text, bytea, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.invite_operator(text, text, bytea, integer, text, jsonb) to actp_gateway;
