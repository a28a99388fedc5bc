-- Writes into the snapshot what has become of its healing.
create or replace function public.note_heal(p_run_id uuid, p_request text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_suites jsonb;
  v_states text[];
  v_state text;
  v_reasons text;
  v_by text;
begin
  select
    jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'suite', h.suite, 'state', h.state, 'step', h.step, 'reason', h.reason, 'started_at', h.started_at,
      'deadline_at', h.deadline_at, 'finished_at', h.finished_at,
      'duration_seconds', round(extract(epoch from coalesce(h.finished_at, clock_timestamp()) - h.attempted_at)))
      || (h.facts - 'before_digest' - 'acd' - 'verdict')) order by h.place),
    array_agg(h.state), string_agg(h.suite || ': ' || h.reason, '; ' order by h.place), min(h.asked_by)
  into v_suites, v_states, v_reasons, v_by
  from public.actp_heals h
  where h.run_id = p_run_id and h.request = p_request;

  v_state := case
    when v_states is null then 'skipped'
    when 'running' = any (v_states) then 'running'
    when v_states <@ array['queued'] then 'queued'
    when 'queued' = any (v_states) then 'running'
    when 'not_healed' = any (v_states) then 'not_healed'
    when 'healed' = any (v_states) then 'healed'
    else 'skipped' end;

  update public.actp_agent_health_snapshots s
  set heal = jsonb_build_object('state', v_state, 'reason', coalesce(left(v_reasons, 4000), 'there is nothing to heal'),
      'request', p_request, 'asked_by', coalesce(v_by, 'plane'), 'suites', coalesce(v_suites, '[]')),
    status = case
      when v_state = 'healed' and s.status = 'failed' and s.services_up = s.services_total
        and not exists (select 1 from jsonb_array_elements(s.failures) f where f ->> 'suite' is null)
        and not exists (
          select 1 from jsonb_array_elements(s.suites) x
          where x ->> 'status' = 'failed' and not exists (
            select 1 from public.actp_heals h
            where h.run_id = p_run_id and h.request = p_request and h.suite = x ->> 'name' and h.state = 'healed'))
      then 'healed' else s.status end
  where s.run_id = p_run_id;
end;
$$;

comment on function public.note_heal(uuid, text) is
  'Updates the heal summary in the snapshot of a run.';

revoke all on function public.note_heal(uuid, text) from public, anon, authenticated, service_role;
