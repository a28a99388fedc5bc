-- Drops a day. The checkpoint (of kind 'retired') must hold the day's heads as they are: what was dropped stays provable.
-- False: its number is taken, or the heads have changed since it was signed; sign another one.
create or replace function public.retire_audit_day(p_day date, p_heads jsonb, p_n bigint, p_payload text, p_signature text)
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
  -- Without the setting nothing is old enough.
  if (p_day < (now() at time zone 'UTC')::date - (select r.days from actp_audit.retention r)) is not true then
    raise exception 'this day is younger than AUDIT_RETENTION_DAYS' using errcode = 'invalid_parameter_value';
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
  update actp_audit.plane p
  set retired_rows = p.retired_rows + (select coalesce(sum(l.seq), 0) from actp_audit.lanes l where l.day = p_day);
  delete from actp_audit.lanes l where l.day = p_day;
  return true;
end;
$$;

comment on function public.retire_audit_day(date, jsonb, bigint, text, text) is
  'Drops the partition of a day after storing the checkpoint that signs its ends.';

revoke all on function public.retire_audit_day(date, jsonb, bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function public.retire_audit_day(date, jsonb, bigint, text, text) to actp_auditor;
