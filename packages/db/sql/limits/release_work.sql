-- An allow that was never answered, since an operator stopped it meanwhile: the same work may be asked about again.
create or replace function public.release_work(p_grant_id uuid) returns void
language sql
security definer
set search_path = ''
as $$
  update public.actp_limit_grants l set idempotency_key = null where l.id = p_grant_id and l.approval_id is null;
$$;

comment on function public.release_work(uuid) is
  'Frees the idempotency key of a grant that was not given out.';

revoke all on function public.release_work(uuid) from public, anon, authenticated, service_role;
grant execute on function public.release_work(uuid) to actp_gateway, actp_executor;
