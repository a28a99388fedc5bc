-- Newest first, after the row (p_before_at, p_before_id); null stands for any.
create or replace function public.list_findings(
  p_state text, p_severity text, p_project text, p_before_at timestamptz, p_before_id uuid, p_limit integer
) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.finding_json(p.f) order by (p.f).first_seen_at desc, (p.f).id desc), '[]')
  from (
    select f from public.actp_findings f
    where (p_state is null or f.state = p_state) and (p_severity is null or f.severity = p_severity)
      and (p_project is null or f.project = p_project)
      and (p_before_at is null or (f.first_seen_at, f.id) < (p_before_at, p_before_id))
    order by f.first_seen_at desc, f.id desc
    limit p_limit
  ) p;
$$;

comment on function public.list_findings(text, text, text, timestamptz, uuid, integer) is
  'Returns a page of findings, newest first.';

revoke all on function public.list_findings(text, text, text, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_findings(text, text, text, timestamptz, uuid, integer) to actp_gateway, actp_inspector, actp_cli;
