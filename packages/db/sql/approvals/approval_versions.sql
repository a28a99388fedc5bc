-- The state of many approvals in one question, for all who wait in one process.
create or replace function public.approval_versions(p_ids uuid[]) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(a.id, case
    -- An overdue row counts as changed before anybody has written it down.
    when a.status = 'pending' and a.expires_at <= clock_timestamp() then a.version + 1 else a.version end), '{}')
  from public.actp_approval_queue a
  where a.id = any (p_ids);
$$;

comment on function public.approval_versions(uuid[]) is
  'Returns the current version and state of several approvals.';

revoke all on function public.approval_versions(uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.approval_versions(uuid[]) to actp_gateway;
