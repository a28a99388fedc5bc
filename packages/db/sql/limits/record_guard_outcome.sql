-- What became of something that the guard allowed and counted; the same report again is the same answer. Failed before it had
-- any effect: it is counted no more.
--
-- The outcome of a grant is reported by the agent that got it: to another one there is no such grant, so that nobody makes
-- room under a limit with what somebody else was allowed.
create or replace function public.record_guard_outcome(
  p_grant_id uuid, p_outcome text, p_before_effect boolean, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  g public.actp_limit_grants;
begin
  if p_outcome is null or p_outcome not in ('succeeded', 'failed')
    or p_before_effect is null or (p_before_effect and p_outcome <> 'failed')
  then
    raise exception 'an outcome is succeeded, failed, or failed before any effect' using errcode = 'invalid_parameter_value';
  end if;
  select * into g from public.actp_limit_grants l
  where l.id = p_grant_id and l.approval_id is null and l.agent = p_context ->> 'agent_id' for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if g.outcome is not null then
    return jsonb_build_object('result', case
      when g.outcome = p_outcome and g.before_effect = p_before_effect then 'recorded' else 'already_recorded' end);
  end if;
  update public.actp_limit_grants l set outcome = p_outcome, before_effect = p_before_effect where l.id = p_grant_id;
  if p_before_effect then
    delete from public.actp_limit_uses u where u.grant_id = p_grant_id;
  end if;
  perform public.audit_change('guard.outcome', case when p_outcome = 'succeeded' then 'ok' else 'error' end,
    g.agent,
    jsonb_build_object('grant_id', p_grant_id, 'action', g.action, 'allowed_to', g.agent, 'outcome', p_outcome,
      'before_effect', p_before_effect), p_context);
  return jsonb_build_object('result', 'recorded');
end;
$$;

comment on function public.record_guard_outcome(uuid, text, boolean, jsonb) is
  'Records the outcome of a grant that the guard has issued.';

revoke all on function public.record_guard_outcome(uuid, text, boolean, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_guard_outcome(uuid, text, boolean, jsonb) to actp_gateway, actp_executor;
