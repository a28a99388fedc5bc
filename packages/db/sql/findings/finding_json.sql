create or replace function public.finding_json(f public.actp_findings) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', f.id, 'project', f.project, 'kind', f.kind, 'severity', f.severity, 'package', f.package,
    'version', f.version, 'path', f.path, 'title', f.title, 'detail', f.detail, 'state', f.state,
    'first_seen_at', f.first_seen_at, 'last_seen_at', f.last_seen_at)
$$;

comment on function public.finding_json(public.actp_findings) is
  'Returns a finding as callers see it.';

revoke all on function public.finding_json(public.actp_findings) from public, anon, authenticated, service_role;
