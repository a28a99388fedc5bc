create or replace function public.list_reviews(p_project text) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('project', r.project, 'source', r.source, 'verdict', r.verdict, 'reason', r.reason,
    'finished_at', r.finished_at) order by r.project, r.source), '[]')
  from public.actp_reviews r
  where p_project is null or r.project = p_project;
$$;

comment on function public.list_reviews(text) is
  'Returns the last look of each source at each project, or at one.';

revoke all on function public.list_reviews(text) from public, anon, authenticated, service_role;
grant execute on function public.list_reviews(text) to actp_gateway, actp_inspector, actp_cli;
