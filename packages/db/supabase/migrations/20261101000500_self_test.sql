-- A self-test run from its begin to its snapshot. Two never run at the same time, and each leaves exactly one snapshot,
-- also when its runner dies.
create table public.actp_selftest_runs (
  run_id uuid primary key,
  trigger text not null check (trigger in ('startup', 'nightly', 'http', 'telegram')),
  job_id text,
  holder text not null,
  step text not null default 'spin_up',
  started_at timestamptz not null default now(),
  lease_until timestamptz not null,
  finished_at timestamptz
);

-- The one that is running. The index is what makes "never two" true.
create unique index actp_selftest_runs_one on public.actp_selftest_runs ((true)) where finished_at is null;

alter table public.actp_selftest_runs enable row level security;

-- Writes the snapshot of a run, ends the run, and leaves the message that people should get, in one transaction.
-- A second call for the same run changes nothing. p_alert is {problem, recovery, note}: texts made by the caller for
-- three cases; which one applies is decided here, against the snapshot before.
create function public.record_snapshot(p_snapshot jsonb, p_alert jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_run_id uuid := (p_snapshot ->> 'run_id')::uuid;
  v_row public.actp_agent_health_snapshots;
  v_before text;
  v_bad boolean;
  v_kind text;
  v_notification uuid;
begin
  -- One at a time, so that "the snapshot before" means the same to everyone.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('actp.record_snapshot'));

  select s.status into v_before
  from public.actp_agent_health_snapshots s
  where s.run_id <> v_run_id
  order by s.created_at desc
  limit 1;

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

  v_bad := v_row.status in ('failed', 'error');
  v_kind := case
    when v_bad then 'problem'
    when v_before in ('failed', 'error') then 'recovery'
    else 'note'
  end;
  if p_alert ->> v_kind is not null then
    v_notification := public.enqueue_notification('selftest:' || v_run_id, 'selftest.' || v_kind, p_alert ->> v_kind);
  end if;
  return jsonb_build_object('recorded', true, 'notification_id', v_notification, 'kind', v_kind);
end;
$$;

-- Ends runs whose runner has not been heard of: each leaves an 'error' snapshot and an alert. Gives their number.
create function public.reap_selftest_runs() returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_run public.actp_selftest_runs;
  v_count integer := 0;
begin
  for v_run in
    select * from public.actp_selftest_runs
    where finished_at is null and lease_until <= clock_timestamp()
    for update skip locked
  loop
    perform public.record_snapshot(
      jsonb_build_object(
        'run_id', v_run.run_id,
        'trigger', v_run.trigger,
        'status', 'error',
        'duration_ms', least(2147483647, 1000 * extract(epoch from clock_timestamp() - v_run.started_at))::integer,
        'failures', jsonb_build_array(jsonb_build_object(
          'suite', null, 'test', null,
          'message', 'the self-test runner died in step ' || v_run.step))),
      jsonb_build_object('problem',
        'Self-test did not finish: its runner died in step ' || v_run.step || ' (' || v_run.trigger || ')'));
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

-- Begins a run, or says that another one is under way. An abandoned one is ended first.
create function public.begin_selftest_run(
  p_run_id uuid, p_trigger text, p_job_id text, p_holder text, p_lease_seconds integer
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform public.reap_selftest_runs();
  insert into public.actp_selftest_runs (run_id, trigger, job_id, holder, lease_until)
  values (p_run_id, p_trigger, p_job_id, p_holder, clock_timestamp() + make_interval(secs => p_lease_seconds))
  on conflict do nothing;
  return found;
end;
$$;

-- Sign of life. False: the run is over (it was given up as dead), so its runner must stop.
create function public.extend_selftest_run(p_run_id uuid, p_step text, p_lease_seconds integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_selftest_runs
  set lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds), step = p_step
  where run_id = p_run_id and finished_at is null;
  return found;
end;
$$;
