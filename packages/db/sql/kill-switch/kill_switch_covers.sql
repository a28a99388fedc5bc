-- Whether a scope covers a request. Who or what is not known, or has no normal form, counts as covered. One separator stands for
-- another, as in packages/policy/src/action-name.ts: what stops email.send stops email:send and email_send.
create or replace function public.kill_switch_covers(p_scope text, p_agent text, p_action text) returns boolean
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_action text;
begin
  if p_scope = 'all' then
    return true;
  end if;
  if p_scope like 'agent:%' then
    return coalesce(public.normal_name(p_agent) = substr(p_scope, 7), true);
  end if;
  v_action := public.normal_name(p_action);
  if v_action is null or v_action !~ '^[a-z0-9]([a-z0-9._:/-]{0,126}[a-z0-9])?$' or strpos(v_action, '..') > 0 then
    return true;
  end if;
  return regexp_replace(v_action, '[._:/-]+', '.', 'g')
    like replace(regexp_replace(substr(p_scope, 8), '[._:/-]+', '.', 'g'), '*', '%');
end;
$$;

comment on function public.kill_switch_covers(text, text, text) is
  'Returns true if a kill switch scope covers a request.';

revoke all on function public.kill_switch_covers(text, text, text) from public, anon, authenticated, service_role;
