-- The audit log by day: one partition per UTC day, so that what is too old can be dropped as a whole. Everything but the
-- log itself lives in a schema that PostgREST does not serve.
create schema actp_audit;
revoke all on schema actp_audit from public;

alter table public.actp_agent_audit_log rename to old_audit_log;
alter table public.old_audit_log set schema actp_audit;
drop index actp_audit.actp_agent_audit_log_newest;

create sequence actp_audit.audit_ids;

create table public.actp_agent_audit_log (
  id bigint not null default nextval('actp_audit.audit_ids'),
  event_id uuid not null default gen_random_uuid(),
  agent_id text not null check (char_length(agent_id) between 1 and 128),
  action_type text not null check (char_length(action_type) between 1 and 128),
  status text not null check (char_length(status) between 1 and 64),
  -- 64 KiB as its sender writes it can be eight times as much in Postgres' own form (many small numbers).
  result jsonb check (pg_column_size(result) <= 524288),
  error text check (octet_length(error) <= 131072),
  started_at timestamptz,
  completed_at timestamptz,
  ip_address inet,
  user_agent text check (char_length(user_agent) <= 512),
  request_id text check (char_length(request_id) <= 128),
  task_id uuid,
  approval_id uuid,
  created_at timestamptz not null default now(),
  -- The place in the chain: set by the database for every row, whoever inserts it (see the next migration).
  chain_lane smallint not null,
  chain_seq bigint not null,
  prev_hash bytea not null,
  hash bytea not null
) partition by range (created_at);

-- Each index serves one filter, newest first. Nearly every row is 'ok', so only the others are indexed by status.
create index actp_agent_audit_log_newest on public.actp_agent_audit_log (created_at, id);
create index actp_agent_audit_log_agent on public.actp_agent_audit_log (agent_id, created_at, id);
create index actp_agent_audit_log_action on public.actp_agent_audit_log (action_type, created_at, id);
create index actp_agent_audit_log_status on public.actp_agent_audit_log (status, created_at, id) where status <> 'ok';
create index actp_agent_audit_log_ip on public.actp_agent_audit_log (ip_address, created_at, id);
create index actp_agent_audit_log_chain on public.actp_agent_audit_log (chain_lane, chain_seq);

alter table public.actp_agent_audit_log enable row level security;

create trigger actp_agent_audit_log_append_only
  before update or delete on public.actp_agent_audit_log
  for each row execute function public.refuse_audit_change();
create trigger actp_agent_audit_log_no_truncate
  before truncate on public.actp_agent_audit_log
  for each statement execute function public.refuse_audit_change();

-- A day has several chains, "lanes", each with its own sequence: whoever writes takes a free one until its transaction
-- ends, so that nobody waits for anybody.
create table actp_audit.lanes (
  day date not null,
  lane smallint not null,
  seq bigint not null default 0,
  hash bytea not null default decode(repeat('00', 32), 'hex'),
  primary key (day, lane)
) with (fillfactor = 20);

-- What makes an event_id unique over all partitions. No index on a partitioned table can, unless it has the day in it; and
-- a retry may come on another day.
create table actp_audit.event_ids (
  event_id uuid primary key,
  day date not null
);
create index event_ids_day on actp_audit.event_ids using brin (day);

-- One for each connection of PostgREST's pool, and one more.
create function actp_audit.lane_count() returns integer
language sql
immutable
as $$ select 16 $$;

-- The name of a day's partition.
create function actp_audit.partition_of(p_day date) returns text
language sql
immutable
as $$ select 'log_' || to_char(p_day, 'YYYYMMDD') $$;

-- Makes a day's partition and lanes; nothing happens when they are there. Attaching takes no lock that stops a writer.
create function actp_audit.make_partition(p_day date) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_name text := actp_audit.partition_of(p_day);
  v_from timestamptz := p_day::timestamp at time zone 'UTC';
  v_to timestamptz := (p_day + 1)::timestamp at time zone 'UTC';
begin
  insert into actp_audit.lanes (day, lane)
  select p_day, n from generate_series(0, actp_audit.lane_count() - 1) n
  on conflict do nothing;
  if to_regclass('actp_audit.' || v_name) is not null then
    return false;
  end if;
  -- Rows that came while nobody had made the partition stay where they are.
  if to_regclass('actp_audit.log_other') is not null
    and exists (select from actp_audit.log_other o where o.created_at >= v_from and o.created_at < v_to) then
    return false;
  end if;
  execute format(
    'create table actp_audit.%I (like public.actp_agent_audit_log including defaults including constraints,
       constraint in_its_day check (created_at is not null and created_at >= %L and created_at < %L))',
    v_name, v_from, v_to);
  execute format('alter table actp_audit.%I enable row level security', v_name);
  execute format(
    'create trigger append_only_truncate before truncate on actp_audit.%I
       for each statement execute function public.refuse_audit_change()', v_name);
  execute format(
    'alter table public.actp_agent_audit_log attach partition actp_audit.%I for values from (%L) to (%L)',
    v_name, v_from, v_to);
  return true;
end;
$$;

-- Where a row goes when its day has no partition: an audit row is never refused for want of housekeeping.
create table actp_audit.log_other partition of public.actp_agent_audit_log default;
alter table actp_audit.log_other enable row level security;
create trigger append_only_truncate before truncate on actp_audit.log_other
  for each statement execute function public.refuse_audit_change();

-- The days that have rows already, and the coming month.
do $$
declare
  v_day date;
begin
  for v_day in
    select distinct (o.created_at at time zone 'UTC')::date from actp_audit.old_audit_log o
    union
    select (now() at time zone 'UTC')::date + n from generate_series(-1, 30) n
  loop
    perform actp_audit.make_partition(v_day);
  end loop;
end $$;

-- Columns that a caller may set. The rest is the database's.
revoke all on public.actp_agent_audit_log from anon, authenticated, service_role;
grant select on public.actp_agent_audit_log to service_role;
grant insert (
  event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent, request_id,
  task_id, approval_id
) on public.actp_agent_audit_log to service_role;
grant usage on sequence actp_audit.audit_ids to service_role;
