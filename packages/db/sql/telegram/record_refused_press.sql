-- A press that never reached decide_approval (forged, from a stranger, about something unknown) leaves its trace too.
-- False when this update was seen before.
create or replace function public.record_refused_press(p_update_id bigint, p_actor text, p_facts jsonb) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_telegram_updates (update_id) values (p_update_id) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into public.actp_agent_audit_log (agent_id, action_type, status, result, started_at, completed_at, source)
  values (left(p_actor, 128), 'approval.decide', 'denied', p_facts, clock_timestamp(), clock_timestamp(), 'plane');
  return true;
end;
$$;

comment on function public.record_refused_press(bigint, text, jsonb) is
  'Writes an audit event for a button press that was refused before it reached an approval.';

revoke all on function public.record_refused_press(bigint, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_refused_press(bigint, text, jsonb) to actp_bot;
