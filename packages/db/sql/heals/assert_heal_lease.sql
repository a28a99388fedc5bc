-- Only who holds the run's lease changes anything: a worker that was given up for dead is refused.
create or replace function public.assert_heal_lease(p_run_id uuid, p_holder text) returns void
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

comment on function public.assert_heal_lease(uuid, text) is
  'Raises an error unless the caller holds the lease of the run.';

revoke all on function public.assert_heal_lease(uuid, text) from public, anon, authenticated, service_role;
