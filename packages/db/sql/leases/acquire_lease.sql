-- True when the holder has the lease for the next p_seconds: free, expired, or already the holder's.
create or replace function public.acquire_lease(p_name text, p_holder text, p_seconds integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_leases as l (name, holder, expires_at)
  values (p_name, p_holder, clock_timestamp() + make_interval(secs => p_seconds))
  on conflict (name) do update
    set holder = excluded.holder, expires_at = excluded.expires_at
    where l.holder = excluded.holder or l.expires_at <= clock_timestamp();
  return found;
end;
$$;

comment on function public.acquire_lease(text, text, integer) is
  'Acquires or extends a lease. Returns false if another holder has it.';

revoke all on function public.acquire_lease(text, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.acquire_lease(text, text, integer) to actp_bot, actp_runner;
