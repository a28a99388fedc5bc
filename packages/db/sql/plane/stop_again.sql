-- Sets what was stopped elsewhere or at another time: [{scope, reason, set_by, since}]. Gives the scopes that were not stopped.
create or replace function public.stop_again(p_stopped jsonb, p_why text, p_actor text, p_context jsonb) returns text[]
language plpgsql
set search_path = ''
as $$
declare
  v_one jsonb;
  k public.actp_kill_switches;
  v_set text[] := '{}';
begin
  for v_one in select jsonb_array_elements(p_stopped) loop
    insert into public.actp_kill_switches (scope, reason, set_by)
    values (v_one ->> 'scope', left(concat_ws(': ', p_why, actp_audit.redact_text(v_one ->> 'reason')), 500), p_actor)
    on conflict (scope) where lifted_at is null do nothing
    returning * into k;
    if found then
      v_set := v_set || k.scope;
      perform public.audit_change('security.kill_switch_set', 'ok', p_actor,
        jsonb_build_object('scope', k.scope, 'reason', k.reason, 'again', true), p_context);
    end if;
  end loop;
  return v_set;
end;
$$;

comment on function public.stop_again(jsonb, text, text, jsonb) is
  'Sets kill switches that an anchor names.';

revoke all on function public.stop_again(jsonb, text, text, jsonb) from public, anon, authenticated, service_role;
