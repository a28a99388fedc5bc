-- What users may spend a day. A task reserves before it spends, commits what it has spent, or releases. Amounts are whole
-- minor units (cents). Every step is one conditional update of one row, so that no two reservations can count the same room.
create table public.actp_daily_spend (
  -- No reference: what was spent stays when an account goes.
  user_id uuid not null,
  -- UTC, by the database's clock, when the reservation was made.
  day date not null,
  spent_minor bigint not null default 0 check (spent_minor >= 0),
  reserved_minor bigint not null default 0 check (reserved_minor >= 0),
  primary key (user_id, day)
);
alter table public.actp_daily_spend enable row level security;
revoke all on public.actp_daily_spend from service_role;

create table public.actp_spend_reservations (
  -- The caller's: the same one again is the same reservation.
  id uuid primary key,
  user_id uuid not null,
  day date not null,
  agent text not null check (char_length(agent) between 1 and 128),
  task_id uuid,
  amount_minor bigint not null check (amount_minor >= 0),
  state text not null default 'reserved' check (state in ('reserved', 'committed', 'released')),
  committed_minor bigint check (committed_minor between 0 and amount_minor),
  created_at timestamptz not null default clock_timestamp(),
  -- Whoever has not committed by then is taken for dead.
  expires_at timestamptz not null,
  ended_at timestamptz,
  foreign key (user_id, day) references public.actp_daily_spend (user_id, day),
  constraint committed_says_how_much check ((state = 'committed') = (committed_minor is not null)),
  constraint ended_when_over check ((state = 'reserved') = (ended_at is null))
);
create index actp_spend_reservations_open on public.actp_spend_reservations (expires_at) where state = 'reserved';
create index actp_spend_reservations_of on public.actp_spend_reservations (user_id, day);
alter table public.actp_spend_reservations enable row level security;
revoke all on public.actp_spend_reservations from service_role;

-- Gives the amount as an integer, or refuses: negative, not whole, NaN, infinite, or more than 2^53, which not every program
-- reads exactly.
create function public.minor_units(p_amount numeric, p_name text) returns bigint
language plpgsql
immutable
set search_path = ''
as $$
begin
  if (p_amount >= 0 and p_amount <= 9007199254740992 and trunc(p_amount) = p_amount) is not true then
    raise exception '% must be a whole number of minor units from 0 to 2^53', p_name using errcode = 'invalid_parameter_value';
  end if;
  return p_amount::bigint;
end;
$$;

create function public.audit_spend(
  r public.actp_spend_reservations, p_action_type text, p_status text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, task_id, ip_address, user_agent, request_id, started_at, completed_at)
  values
    (r.agent, p_action_type, p_status,
     jsonb_build_object('reservation', r.id, 'user_id', r.user_id, 'day', r.day, 'amount_minor', r.amount_minor)
       || coalesce(p_facts, '{}'),
     r.task_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp());
$$;

create function public.spend_json(r public.actp_spend_reservations) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'state', r.state, 'amount_minor', r.amount_minor, 'committed_minor', r.committed_minor, 'day', r.day,
    'expires_at', r.expires_at);
$$;

-- p_request: {id, user_id, agent, task_id, amount_minor, budget_minor, ttl_seconds}. Gives {result: reserved | known |
-- over_budget | mismatch, reservation}; mismatch: this id is of another reservation.
create function public.reserve_spend(p_request jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  d public.actp_daily_spend;
  v_amount bigint := public.minor_units((p_request ->> 'amount_minor')::numeric, 'amount_minor');
  v_budget bigint := public.minor_units((p_request ->> 'budget_minor')::numeric, 'budget_minor');
  v_user uuid := (p_request ->> 'user_id')::uuid;
  v_ttl integer := (p_request ->> 'ttl_seconds')::integer;
  v_day date := (clock_timestamp() at time zone 'UTC')::date;
begin
  if (v_ttl between 1 and 86400) is not true then
    raise exception 'ttl_seconds must be from 1 to 86400' using errcode = 'invalid_parameter_value';
  end if;
  insert into public.actp_daily_spend (user_id, day) values (v_user, v_day) on conflict do nothing;
  insert into public.actp_spend_reservations (id, user_id, day, agent, task_id, amount_minor, expires_at)
  values
    ((p_request ->> 'id')::uuid, v_user, v_day, p_request ->> 'agent', (p_request ->> 'task_id')::uuid, v_amount,
     clock_timestamp() + make_interval(secs => v_ttl))
  on conflict (id) do nothing
  returning * into r;
  if not found then
    select * into strict r from public.actp_spend_reservations s where s.id = (p_request ->> 'id')::uuid;
    return jsonb_build_object(
      'result', case when r.user_id = v_user and r.amount_minor = v_amount and r.agent = p_request ->> 'agent'
        and r.task_id is not distinct from (p_request ->> 'task_id')::uuid then 'known' else 'mismatch' end,
      'reservation', public.spend_json(r));
  end if;

  update public.actp_daily_spend s
  set reserved_minor = s.reserved_minor + v_amount
  where s.user_id = v_user and s.day = v_day and s.spent_minor + s.reserved_minor + v_amount <= v_budget
  returning * into d;
  if not found then
    delete from public.actp_spend_reservations s where s.id = r.id;
    select * into strict d from public.actp_daily_spend s where s.user_id = v_user and s.day = v_day;
    perform public.audit_spend(r, 'spend.reserve', 'denied', jsonb_build_object(
      'refused', 'over_budget', 'spent_minor', d.spent_minor, 'reserved_minor', d.reserved_minor, 'budget_minor', v_budget),
      p_context);
    perform public.audit_spend(r, 'security.policy_violation', 'denied',
      jsonb_build_object('rule', 'DAILY_BUDGET', 'budget_minor', v_budget), p_context);
    return jsonb_build_object('result', 'over_budget');
  end if;
  perform public.audit_spend(r, 'spend.reserve', 'ok', null, p_context);
  return jsonb_build_object('result', 'reserved', 'reservation', public.spend_json(r));
end;
$$;

-- What was really spent, at most what was reserved; the rest is free again. Gives {result: committed | known | released |
-- above_reservation | mismatch | not_found}. It counts for the day of the reservation.
create function public.commit_spend(p_id uuid, p_amount_minor numeric, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  v_amount bigint := public.minor_units(p_amount_minor, 'amount_minor');
  v_result text;
begin
  update public.actp_spend_reservations s
  set state = 'committed', committed_minor = v_amount, ended_at = clock_timestamp()
  where s.id = p_id and s.state = 'reserved' and v_amount <= s.amount_minor
  returning * into r;
  if found then
    update public.actp_daily_spend d
    set reserved_minor = d.reserved_minor - r.amount_minor, spent_minor = d.spent_minor + v_amount
    where d.user_id = r.user_id and d.day = r.day;
    perform public.audit_spend(r, 'spend.commit', 'ok', jsonb_build_object('committed_minor', v_amount), p_context);
    return jsonb_build_object('result', 'committed', 'reservation', public.spend_json(r));
  end if;
  select * into r from public.actp_spend_reservations s where s.id = p_id;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  v_result := case
    when r.state = 'released' then 'released'
    when r.state = 'reserved' then 'above_reservation'
    when r.committed_minor = v_amount then 'known'
    else 'mismatch' end;
  if v_result <> 'known' then
    perform public.audit_spend(r, 'spend.commit', 'denied',
      jsonb_build_object('refused', v_result, 'committed_minor', v_amount), p_context);
  end if;
  return jsonb_build_object('result', v_result, 'reservation', public.spend_json(r));
end;
$$;

-- Nothing was spent. Gives {result: released | known | committed | not_found}.
create function public.release_spend(p_id uuid, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
begin
  update public.actp_spend_reservations s
  set state = 'released', ended_at = clock_timestamp()
  where s.id = p_id and s.state = 'reserved'
  returning * into r;
  if found then
    update public.actp_daily_spend d
    set reserved_minor = d.reserved_minor - r.amount_minor
    where d.user_id = r.user_id and d.day = r.day;
    perform public.audit_spend(r, 'spend.release', 'ok', null, p_context);
    return jsonb_build_object('result', 'released', 'reservation', public.spend_json(r));
  end if;
  select * into r from public.actp_spend_reservations s where s.id = p_id;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  return jsonb_build_object(
    'result', case r.state when 'released' then 'known' else 'committed' end, 'reservation', public.spend_json(r));
end;
$$;

-- Reservations whose holder never came back. Until this has run they hold their room, and can still be committed: money that
-- may have been spent is rather counted than not. Gives the ids.
create function public.release_stale_spend(p_limit integer) returns setof uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  v_released public.actp_spend_reservations[] := '{}';
begin
  for r in
    select * from public.actp_spend_reservations s
    where s.state = 'reserved' and s.expires_at <= clock_timestamp()
    order by s.user_id, s.day, s.id limit p_limit for update skip locked
  loop
    update public.actp_spend_reservations s
    set state = 'released', ended_at = clock_timestamp() where s.id = r.id
    returning * into r;
    update public.actp_daily_spend d
    set reserved_minor = d.reserved_minor - r.amount_minor
    where d.user_id = r.user_id and d.day = r.day;
    v_released := v_released || r;
    return next r.id;
  end loop;
  -- The lane of the audit log comes last: nobody waits for a user's row while holding it.
  foreach r in array v_released loop
    perform public.audit_spend(r, 'spend.release', 'ok', '{"stale": true}', '{}');
  end loop;
end;
$$;

-- What a user has spent and reserved on a day: {day, spent_minor, reserved_minor, by_agent: {agent: minor units}}.
create function public.read_spend(p_user_id uuid, p_day date default null) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'day', today.day,
    'spent_minor', coalesce(d.spent_minor, 0),
    'reserved_minor', coalesce(d.reserved_minor, 0),
    'by_agent', coalesce((
      select jsonb_object_agg(spent.agent, spent.minor)
      from (
        select s.agent, sum(s.committed_minor) as minor from public.actp_spend_reservations s
        where s.user_id = p_user_id and s.day = today.day and s.state = 'committed'
        group by s.agent
      ) spent), '{}'))
  from (select coalesce(p_day, (clock_timestamp() at time zone 'UTC')::date) as day) today
  left join public.actp_daily_spend d on d.user_id = p_user_id and d.day = today.day;
$$;
