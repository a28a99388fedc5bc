-- Makes the partitions of the coming days. A writer that would have to wait for it for longer than 100 ms goes first.
create or replace function public.make_audit_partitions(p_days integer) returns integer
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

comment on function public.make_audit_partitions(integer) is
  'Creates the partitions of the coming days. Returns how many were created.';

revoke all on function public.make_audit_partitions(integer) from public, anon, authenticated, service_role;
grant execute on function public.make_audit_partitions(integer) to actp_auditor;
