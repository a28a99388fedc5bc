-- Uses that are in no window any more.
create or replace function public.forget_limit_uses(p_limit integer) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.actp_limit_grants g
  where g.id in (
    select old.id from public.actp_limit_grants old where old.keep_until < clock_timestamp()
    order by old.keep_until limit p_limit for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function public.forget_limit_uses(integer) is
  'Deletes uses and grants that no limit needs any more, in batches. Returns how many were deleted.';

revoke all on function public.forget_limit_uses(integer) from public, anon, authenticated, service_role;
grant execute on function public.forget_limit_uses(integer) to actp_scheduler;
