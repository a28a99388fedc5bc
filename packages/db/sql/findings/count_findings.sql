create or replace function public.count_findings() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('project', c.project, 'severity', c.severity, 'state', c.state, 'count', c.n,
    'since', c.since)), '[]')
  from (
    select f.project, f.severity, f.state, count(*) as n, max(f.first_seen_at) as since
    from public.actp_findings f where f.state <> 'fixed'
    group by f.project, f.severity, f.state
  ) c;
$$;

comment on function public.count_findings() is
  'Returns how many findings are open or accepted, by project and severity.';

revoke all on function public.count_findings() from public, anon, authenticated, service_role;
grant execute on function public.count_findings() to actp_inspector;
