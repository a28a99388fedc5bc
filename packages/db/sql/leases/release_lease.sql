create or replace function public.release_lease(p_name text, p_holder text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.actp_leases where name = p_name and holder = p_holder;
  return found;
end;
$$;

comment on function public.release_lease(text, text) is
  'Releases a lease. Returns false if this holder does not have it.';

revoke all on function public.release_lease(text, text) from public, anon, authenticated, service_role;
grant execute on function public.release_lease(text, text) to actp_bot, actp_runner;
