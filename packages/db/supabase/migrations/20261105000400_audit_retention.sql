-- Retention: whole days go, and each leaves its signed heads.

-- Makes the partitions of the coming days. A writer that would have to wait for it for longer than 100 ms goes first.
create function public.make_audit_partitions(p_days integer) returns integer
language plpgsql
security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  v_today date := (now() at time zone 'UTC')::date;
  v_made integer := 0;
begin
  for v_n in 0 .. least(p_days, 60) loop
    v_made := v_made + actp_audit.make_partition(v_today + v_n)::integer;
  end loop;
  return v_made;
end;
$$;

-- Days of which every row is older than p_days, oldest first.
create function public.old_audit_days(p_days integer) returns setof date
language sql
stable
security definer
set search_path = ''
as $$
  select distinct l.day from actp_audit.lanes l
  where l.day < (now() at time zone 'UTC')::date - p_days
  order by l.day;
$$;

-- Drops a day. The checkpoint (of kind 'retired') must hold the day's heads as they are: what was dropped stays provable.
-- False: its number is taken, or the heads have changed since it was signed; sign another one.
create function public.retire_audit_day(p_day date, p_heads jsonb, p_n bigint, p_payload text, p_signature text)
returns boolean
language plpgsql
security definer
set search_path = ''
set lock_timeout = '100ms'
as $$
declare
  v_name text := actp_audit.partition_of(p_day);
  v_from timestamptz := p_day::timestamp at time zone 'UTC';
  v_to timestamptz := (p_day + 1)::timestamp at time zone 'UTC';
begin
  if p_day >= (now() at time zone 'UTC')::date then
    raise exception 'only a day that is over can be dropped' using errcode = 'invalid_parameter_value';
  end if;
  perform from actp_audit.lanes l where l.day = p_day for update;
  if public.audit_heads(p_day) is distinct from p_heads
    or (p_payload::jsonb -> 'heads') is distinct from p_heads
    or p_payload::jsonb ->> 'day' is distinct from p_day::text
    or not public.record_audit_checkpoint(p_n, p_payload, p_signature) then
    return false;
  end if;
  if to_regclass('actp_audit.' || v_name) is not null then
    execute format('drop table actp_audit.%I', v_name);
  end if;
  -- Rows of a day that had no partition: the one place where rows are deleted, under a lock that keeps everybody out.
  if exists (select from actp_audit.log_other o where o.created_at >= v_from and o.created_at < v_to) then
    alter table actp_audit.log_other disable trigger user;
    delete from actp_audit.log_other o where o.created_at >= v_from and o.created_at < v_to;
    alter table actp_audit.log_other enable trigger user;
  end if;
  delete from actp_audit.lanes l where l.day = p_day;
  return true;
end;
$$;

-- Forgets the ids of days that are gone, some at a time; gives how many.
create function public.forget_audit_event_ids(p_limit integer) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from actp_audit.event_ids i
  where i.ctid = any (array(
    select o.ctid from actp_audit.event_ids o
    where o.day < (select coalesce(min(l.day), '-infinity') from actp_audit.lanes l)
    limit least(p_limit, 10000)));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
