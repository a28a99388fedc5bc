-- Null leaves a value as it is. Gives {result: changed | not_found | last_operator, operator}.
create or replace function public.change_operator(
  p_id uuid, p_name text, p_disabled boolean, p_actor text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  u public.actp_users;
begin
  perform public.assert_may_act(p_actor, p_context);
  -- One after the other: two operators must not disable each other at the same moment.
  perform pg_advisory_xact_lock(hashtextextended('actp.operators', 0));
  perform public.assert_may_act(p_actor, p_context);
  select q.* into u from public.actp_users q where q.id = p_id and q.role = 'operator' for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if p_disabled and u.disabled_at is null and u.password_hash is not null and not exists (
    select from public.actp_users o
    where o.id <> p_id and o.role = 'operator' and o.disabled_at is null and o.password_hash is not null)
  then
    perform public.audit_change('operator.change', 'denied', p_actor,
      jsonb_build_object('operator', u.email, 'refused', 'last_operator'), p_context);
    return jsonb_build_object('result', 'last_operator');
  end if;
  update public.actp_users q
  set name = coalesce(p_name, q.name),
      disabled_at = case when p_disabled then coalesce(q.disabled_at, clock_timestamp())
                         when p_disabled is null then q.disabled_at end
  where q.id = p_id returning q.* into u;
  perform public.audit_change('operator.change', 'ok', p_actor, jsonb_strip_nulls(
    jsonb_build_object('operator', u.email, 'name', p_name, 'disabled', p_disabled)), p_context);
  return jsonb_build_object('result', 'changed', 'operator', public.operator_json(u));
end;
$$;

comment on function public.change_operator(uuid, text, boolean, text, jsonb) is
  'Renames, disables or enables an operator, and writes the audit event. The last enabled operator cannot be disabled.';

revoke all on function public.change_operator(uuid, text, boolean, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.change_operator(uuid, text, boolean, text, jsonb) to actp_gateway;
