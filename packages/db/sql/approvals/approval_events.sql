create or replace function public.approval_events(p_id uuid, p_after_version integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('version', e.version, 'type', e.type, 'at', e.at) order by e.version), '[]')
  from public.actp_approval_events e
  where e.approval_id = p_id and e.version > p_after_version;
$$;

comment on function public.approval_events(uuid, integer) is
  'Returns the events of an approval after a version.';

revoke all on function public.approval_events(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.approval_events(uuid, integer) to actp_gateway;
