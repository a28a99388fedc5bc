-- The cron table as the database knows it, and what became of every tick: a run, a skip, or an alert.
create table public.actp_schedules (
  name text primary key,
  pattern text not null,
  tz text not null,
  -- Ticks before this moment are nobody's: the schedule did not exist, or stood differently.
  valid_from timestamptz not null default now()
);

alter table public.actp_schedules enable row level security;

create table public.actp_schedule_runs (
  schedule text not null,
  due_at timestamptz not null,
  status text not null check (status in ('started', 'completed', 'failed', 'skipped', 'missed')),
  job_id text,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (schedule, due_at)
);

alter table public.actp_schedule_runs enable row level security;

-- Tells the database what the cron table says now: [{name, pattern, tz}], enabled entries only.
create function public.register_schedules(p_schedules jsonb) returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_schedules as s (name, pattern, tz)
  select e ->> 'name', e ->> 'pattern', e ->> 'tz' from jsonb_array_elements(p_schedules) e
  on conflict (name) do update
    set pattern = excluded.pattern, tz = excluded.tz, valid_from = clock_timestamp()
    where (s.pattern, s.tz) is distinct from (excluded.pattern, excluded.tz);
  delete from public.actp_schedules s
  where s.name not in (select e ->> 'name' from jsonb_array_elements(p_schedules) e);
end;
$$;

-- A tick was taken up, or came to its end.
create function public.record_schedule_run(p_schedule text, p_due_at timestamptz, p_job_id text, p_status text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_schedule_runs as r (schedule, due_at, status, job_id, started_at, finished_at)
  values (p_schedule, p_due_at, p_status, p_job_id, clock_timestamp(),
          case when p_status = 'started' then null else clock_timestamp() end)
  on conflict (schedule, due_at) do update
    set status = excluded.status, job_id = excluded.job_id,
        started_at = coalesce(r.started_at, excluded.started_at), finished_at = excluded.finished_at;
end;
$$;

-- A tick that nobody took up. Alerts once; gives the notification's id, or null when it is known or was not due.
create function public.record_missed_run(p_schedule text, p_due_at timestamptz, p_body text) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not exists (
    select 1 from public.actp_schedules s where s.name = p_schedule and s.valid_from < p_due_at
  ) then
    return null;
  end if;
  insert into public.actp_schedule_runs (schedule, due_at, status, finished_at)
  values (p_schedule, p_due_at, 'missed', clock_timestamp())
  on conflict do nothing;
  if not found then
    return null;
  end if;
  return public.enqueue_notification(
    'missed:' || p_schedule || ':' || extract(epoch from p_due_at)::bigint, 'schedule.missed', p_body);
end;
$$;

-- The newest tick of each schedule.
create function public.last_schedule_runs()
returns table (schedule text, due_at timestamptz, status text, started_at timestamptz)
language sql
stable
security definer
set search_path = ''
as $$
  select distinct on (r.schedule) r.schedule, r.due_at, r.status, r.started_at
  from public.actp_schedule_runs r
  order by r.schedule, r.due_at desc;
$$;
