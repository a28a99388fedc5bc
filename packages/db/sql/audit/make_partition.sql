-- Makes a day's partition and lanes; nothing happens when they are there. Attaching takes no lock that stops a writer.
create or replace function actp_audit.make_partition(p_day date) returns boolean
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

comment on function actp_audit.make_partition(date) is
  'Creates the partition and the lanes of a day. Returns false if the partition exists already.';

revoke all on function actp_audit.make_partition(date) from public, anon, authenticated, service_role;
