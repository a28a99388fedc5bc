-- Writes the snapshot of a run, ends the run, and leaves the message that people should get, in one transaction.
-- A second call for the same run changes nothing. p_alert is {problem, recovery, note}: texts made by the caller for
-- three cases; which one applies is decided here, against the snapshot before.
create or replace function public.record_snapshot(p_snapshot jsonb, p_alert jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_run_id uuid := (p_snapshot ->> 'run_id')::uuid;
  v_row public.actp_agent_health_snapshots;
  v_told text;
  v_bad boolean;
  v_kind text;
  v_notification uuid;
begin
  -- One at a time, so that "what was told last" means the same to everyone.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('actp.record_snapshot'));

  v_row := jsonb_populate_record(null::public.actp_agent_health_snapshots, p_snapshot);
  insert into public.actp_agent_health_snapshots
    (run_id, trigger, status, tests_total, tests_passed, tests_failed, services_up, services_total,
     services, suites, failures, flaky, heal, duration_ms, created_at)
  values
    (v_run_id, v_row.trigger, v_row.status, coalesce(v_row.tests_total, 0), coalesce(v_row.tests_passed, 0),
     coalesce(v_row.tests_failed, 0), coalesce(v_row.services_up, 0), coalesce(v_row.services_total, 0),
     coalesce(v_row.services, '[]'), coalesce(v_row.suites, '[]'), coalesce(v_row.failures, '[]'),
     coalesce(v_row.flaky, '[]'), v_row.heal, coalesce(v_row.duration_ms, 0), clock_timestamp())
  on conflict (run_id) do nothing;
  if not found then
    return jsonb_build_object('recorded', false, 'notification_id', null);
  end if;

  update public.actp_selftest_runs
  set finished_at = clock_timestamp(), step = 'report'
  where run_id = v_run_id;

  -- Runs follow each other (actp_selftest_runs_one), so their messages do.
  select n.kind into v_told
  from public.actp_notifications n
  where n.kind in ('selftest.problem', 'selftest.recovery')
  order by n.created_at desc
  limit 1;

  v_bad := v_row.status in ('failed', 'error');
  v_kind := case
    when v_bad then 'problem'
    when v_told = 'selftest.problem' then 'recovery'
    else 'note'
  end;
  if p_alert ->> v_kind is not null then
    v_notification := public.enqueue_notification('selftest:' || v_run_id, 'selftest.' || v_kind, p_alert ->> v_kind);
  end if;
  return jsonb_build_object('recorded', true, 'notification_id', v_notification, 'kind', v_kind);
end;
$$;

comment on function public.record_snapshot(jsonb, jsonb) is
  'Stores the snapshot of a self-test run, ends the run and creates the alert or recovery message, in one transaction.';

revoke all on function public.record_snapshot(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_snapshot(jsonb, jsonb) to actp_runner;
