-- Healing: one row for each attempt at one suite of one self-test run. What a killed worker needs to go on without asking the
-- coding agent a second time stands here, on the database's clock.
create table public.actp_heals (
  id uuid primary key default gen_random_uuid(),
  run_id uuid not null,
  suite text not null check (char_length(suite) between 1 and 256),
  -- Who asked: the same request is carried out once, however often its job runs.
  request text not null check (char_length(request) between 1 and 256),
  asked_by text not null check (asked_by in ('plane', 'http', 'telegram')),
  place smallint not null,
  step text not null default 'queued' check (step in ('queued', 'prepare', 'start', 'wait', 'verify', 'report')),
  state text not null default 'queued' check (state in ('queued', 'running', 'healed', 'not_healed', 'skipped')),
  reason text,
  -- Of the failure: the same one is not tried again and again.
  fingerprint text not null,
  holds_acd boolean not null default false,
  -- The intent to start the agent, written before the call.
  attempted_at timestamptz,
  -- A call whose answer is not known yet.
  sent_at timestamptz,
  started_at timestamptz,
  deadline_at timestamptz,
  facts jsonb not null default '{}' check (jsonb_typeof(facts) = 'object'),
  created_at timestamptz not null default now(),
  -- When a worker last had a hand on it.
  touched_at timestamptz not null default now(),
  finished_at timestamptz,
  check ((finished_at is null) = (state in ('queued', 'running'))),
  unique (run_id, suite, request)
);

-- One heal at a time holds the coding agent. The index is what makes it true.
create unique index actp_heals_one on public.actp_heals ((true)) where holds_acd;
create index actp_heals_attempts on public.actp_heals (attempted_at desc) where attempted_at is not null;
create index actp_heals_unfinished on public.actp_heals (run_id) where finished_at is null;

alter table public.actp_heals enable row level security;
revoke insert, update, delete, truncate on public.actp_heals from service_role;

-- Only who holds the run's lease changes anything: a worker that was given up for dead is refused.
create function public.assert_heal_lease(p_run_id uuid, p_holder text) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform 1 from public.actp_leases l
  where l.name = 'heal:' || p_run_id and l.holder = p_holder and l.expires_at > clock_timestamp();
  if not found then
    raise exception 'another worker has taken over this heal' using errcode = 'object_not_in_prerequisite_state';
  end if;
end;
$$;

create function public.heal_json(h public.actp_heals) returns jsonb
language sql
stable
set search_path = ''
as $$
  select to_jsonb(h) || jsonb_build_object(
    'overdue', coalesce(h.deadline_at <= clock_timestamp(), false),
    'seconds_left', greatest(0, ceil(extract(epoch from h.deadline_at - clock_timestamp()))),
    'seconds_since_sent', extract(epoch from clock_timestamp() - coalesce(h.started_at, h.sent_at)));
$$;

create function public.audit_heal(h public.actp_heals, p_action_type text, p_status text, p_facts jsonb) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log (agent_id, action_type, status, result, error, approval_id, started_at, completed_at)
  values ('self-heal', p_action_type, p_status,
    jsonb_build_object('run_id', h.run_id, 'heal_id', h.id, 'suite', h.suite, 'step', h.step, 'state', h.state,
      'asked_by', h.asked_by) || coalesce(p_facts, '{}'),
    case when p_status in ('error', 'denied') then h.reason end, (h.facts ->> 'approval_id')::uuid,
    h.created_at, clock_timestamp());
$$;

-- What stops a heal now, if anything: a kill switch that covers the agent self-heal or the action system.heal.
create function public.heal_block() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('blocked', b.by is not null, 'by', b.by)
  from (select public.actp_kill_switch_blocks('self-heal', 'system.heal') as by) b;
$$;

-- Writes into the snapshot what has become of its healing.
create function public.note_heal(p_run_id uuid, p_request text) returns void
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

-- Takes up a request to heal a run, once. p_suites is [{suite, fingerprint, skip}]; `skip` says why nothing is tried.
create function public.open_heals(
  p_run_id uuid, p_holder text, p_request text, p_asked_by text, p_suites jsonb, p_nothing text
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  perform public.assert_heal_lease(p_run_id, p_holder);
  update public.actp_heals o set touched_at = clock_timestamp()
  where o.run_id = p_run_id and o.request = p_request and o.finished_at is null;
  if not exists (select 1 from public.actp_heals o where o.run_id = p_run_id and o.request = p_request) then
    for h in
      insert into public.actp_heals (run_id, suite, request, asked_by, place, fingerprint, step, state, reason, finished_at)
      select p_run_id, x.suite, p_request, p_asked_by, x.n, x.fingerprint,
        case when x.skip is null then 'queued' else 'report' end,
        case when x.skip is null then 'queued' else 'skipped' end, left(x.skip, 2000),
        case when x.skip is not null then clock_timestamp() end
      from rows from (jsonb_to_recordset(p_suites) as (suite text, fingerprint text, skip text)) with ordinality
        as x (suite, fingerprint, skip, n)
      returning *
    loop
      perform public.audit_heal(h, case when h.state = 'queued' then 'heal.queue' else 'heal.verdict' end, 'ok', null);
    end loop;
    if jsonb_array_length(p_suites) > 0 then
      perform public.note_heal(p_run_id, p_request);
    else
      -- What an earlier request has come to stays.
      update public.actp_agent_health_snapshots s
      set heal = jsonb_build_object('state', 'skipped', 'reason', p_nothing, 'request', p_request, 'asked_by', p_asked_by,
        'suites', '[]'::jsonb)
      where s.run_id = p_run_id and coalesce(s.heal ->> 'state', 'queued') in ('queued', 'running');
    end if;
  end if;
  return coalesce((
    select jsonb_agg(public.heal_json(o) order by o.place) from public.actp_heals o
    where o.run_id = p_run_id and o.request = p_request), '[]');
end;
$$;

-- Takes the coding agent for one heal, if the limits allow it. p_limits is {max_attempts_per_day, same_failure_hours,
-- breaker_failures}; 0 turns one off. The result is claimed, busy, limited or blocked.
create function public.claim_heal(p_id uuid, p_holder text, p_limits jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
  v_block jsonb;
  v_max integer := (p_limits ->> 'max_attempts_per_day')::integer;
  v_hours integer := (p_limits ->> 'same_failure_hours')::integer;
  v_breaker integer := (p_limits ->> 'breaker_failures')::integer;
  v_count integer;
  v_reason text;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.holds_acd then
    return jsonb_build_object('result', 'claimed', 'heal', public.heal_json(h));
  end if;
  v_block := public.heal_block();
  if (v_block ->> 'blocked')::boolean then
    return jsonb_build_object('result', 'blocked', 'reason', 'a kill switch is on');
  end if;

  if v_breaker > 0 then
    select count(*) into v_count from public.actp_heals o
    where o.state = 'not_healed' and o.attempted_at > clock_timestamp() - interval '7 days';
    if v_count >= v_breaker then
      v_reason := format('the breaker is open: %s heals failed within 7 days (breaker_failures: %s)', v_count, v_breaker);
    end if;
  end if;
  if v_reason is null and v_max > 0 then
    select count(*) into v_count from public.actp_heals o
    where o.suite = h.suite and o.id <> h.id and o.attempted_at > clock_timestamp() - interval '24 hours';
    if v_count >= v_max then
      v_reason := format('%s attempts at this suite within 24 hours (max_attempts_per_day: %s)', v_count, v_max);
    end if;
  end if;
  if v_reason is null and v_hours > 0 and h.asked_by = 'plane' and exists (
    select 1 from public.actp_heals o
    where o.suite = h.suite and o.fingerprint = h.fingerprint and o.id <> h.id
      and o.attempted_at > clock_timestamp() - make_interval(hours => v_hours)
  ) then
    v_reason := format('the same failure was tried within %s hours (same_failure_hours); ask for it by hand', v_hours);
  end if;
  if v_reason is not null then
    return jsonb_build_object('result', 'limited', 'reason', v_reason);
  end if;

  begin
    update public.actp_heals set holds_acd = true, state = 'running', step = 'prepare' where id = p_id returning * into h;
  exception when unique_violation then
    return jsonb_build_object('result', 'busy', 'reason', 'another heal is under way');
  end;
  perform public.note_heal(h.run_id, h.request);
  return jsonb_build_object('result', 'claimed', 'heal', public.heal_json(h));
end;
$$;

-- Moves a heal on to a step and adds facts. p_timeout_seconds, with the step start, sets the deadline for getting hold of the
-- agent; it is set anew, from the start, by record_heal_start.
create function public.move_heal(p_id uuid, p_holder text, p_step text, p_facts jsonb, p_timeout_seconds integer default null)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  update public.actp_heals
  set step = p_step, facts = facts || p_facts,
    deadline_at = case
      when p_timeout_seconds is null then deadline_at
      else coalesce(deadline_at, clock_timestamp() + make_interval(secs => p_timeout_seconds)) end
  where id = p_id and finished_at is null
  returning * into strict h;
  perform public.note_heal(h.run_id, h.request);
  return public.heal_json(h);
end;
$$;

-- The intent to start the agent, before the call. The result is intended, known (a call was sent already and its answer is not
-- known: never send another), or blocked.
create function public.intend_heal_start(p_id uuid, p_holder text, p_before jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  -- A switch that is set meanwhile waits: after it nothing is started.
  perform public.hold_kill_switch();
  if (public.heal_block() ->> 'blocked')::boolean then
    return jsonb_build_object('result', 'blocked', 'heal', public.heal_json(h));
  end if;
  if h.sent_at is not null or h.step <> 'start' or h.finished_at is not null or not h.holds_acd then
    return jsonb_build_object('result', 'known', 'heal', public.heal_json(h));
  end if;
  update public.actp_heals
  set sent_at = clock_timestamp(), attempted_at = coalesce(attempted_at, clock_timestamp()),
    facts = facts || jsonb_build_object('acd', jsonb_build_object('before', p_before))
  where id = p_id
  returning * into h;
  perform public.audit_heal(h, 'heal.start', 'ok', null);
  return jsonb_build_object('result', 'intended', 'heal', public.heal_json(h));
end;
$$;

-- The call was certainly not carried out: another one may be sent later.
create function public.forget_heal_start(p_id uuid, p_holder text) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  update public.actp_heals set sent_at = null where id = p_id and step = 'start' returning * into h;
  return public.heal_json(h);
end;
$$;

-- The agent has begun, or may have: p_acd is {pid, startedAt, certain}. From here its time runs.
create function public.record_heal_start(p_id uuid, p_holder text, p_acd jsonb, p_timeout_seconds integer) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.step = 'start' and h.finished_at is null then
    update public.actp_heals
    set step = 'wait', started_at = sent_at, deadline_at = sent_at + make_interval(secs => p_timeout_seconds),
      facts = facts || jsonb_build_object('acd', coalesce(facts -> 'acd', '{}') || p_acd)
    where id = p_id
    returning * into h;
    perform public.note_heal(h.run_id, h.request);
    perform public.audit_heal(h, 'heal.started', 'ok', jsonb_build_object('acd', p_acd));
  end if;
  return public.heal_json(h);
end;
$$;

create function public.read_heal(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$ select public.heal_json(h) from public.actp_heals h where h.id = p_id $$;

-- The verdict. p_limits as for claim_heal: the failure that opens the breaker is told to people.
create function public.finish_heal(p_id uuid, p_holder text, p_state text, p_reason text, p_facts jsonb, p_limits jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
  v_breaker integer := (p_limits ->> 'breaker_failures')::integer;
  v_count integer;
begin
  if p_state is null or p_state not in ('healed', 'not_healed', 'skipped') then
    raise exception 'a heal ends as healed, not_healed or skipped' using errcode = 'invalid_parameter_value';
  end if;
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.finished_at is not null then
    return public.heal_json(h);
  end if;
  -- Healed is what the tests have said, and nothing else leads there.
  if p_state = 'healed' and h.step <> 'verify' then
    raise exception 'only a verified change is healed' using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_heals
  set state = p_state, reason = left(p_reason, 2000), step = 'report', facts = facts || p_facts, holds_acd = false,
    finished_at = clock_timestamp()
  where id = p_id
  returning * into h;
  perform public.note_heal(h.run_id, h.request);
  perform public.audit_heal(h, 'heal.verdict', case p_state when 'not_healed' then 'error' else 'ok' end, p_facts);

  if p_state = 'not_healed' and h.attempted_at is not null and v_breaker > 0 then
    select count(*) into v_count from public.actp_heals o
    where o.state = 'not_healed' and o.attempted_at > clock_timestamp() - interval '7 days';
    if v_count = v_breaker then
      perform public.enqueue_notification('heal-breaker:' || h.id, 'heal.breaker',
        format('Self-heal stops itself: %s heals failed within 7 days (breaker_failures: %s). Nothing is handed to the coding agent until the oldest of them is 7 days old.', v_count, v_breaker));
    end if;
  end if;
  return public.heal_json(h);
end;
$$;

-- Whether a self-test runs now: its suites and a heal's would disturb each other in one checkout.
create function public.selftest_under_way() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('under_way', exists (
    select 1 from public.actp_selftest_runs r where r.finished_at is null and r.lease_until > clock_timestamp()));
$$;

-- Runs whose healing is not over and that no worker has a hand on: their job was lost.
create function public.due_heals(p_older_than_seconds integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'run_id', s.run_id, 'request', s.heal ->> 'request', 'by', coalesce(s.heal ->> 'asked_by', 'plane'))), '[]')
  from (
    select * from public.actp_agent_health_snapshots s
    where s.heal ->> 'state' in ('queued', 'running')
      and s.created_at > clock_timestamp() - interval '30 days'
      and s.created_at <= clock_timestamp() - make_interval(secs => p_older_than_seconds)
    order by s.created_at
    limit 100
  ) s
  where not exists (
      select 1 from public.actp_leases l where l.name = 'heal:' || s.run_id and l.expires_at > clock_timestamp())
    and not exists (
      select 1 from public.actp_heals o
      where o.run_id = s.run_id and o.finished_at is null
        and o.touched_at > clock_timestamp() - make_interval(secs => p_older_than_seconds));
$$;

create index actp_agent_health_snapshots_healing on public.actp_agent_health_snapshots (created_at)
where heal ->> 'state' in ('queued', 'running');
