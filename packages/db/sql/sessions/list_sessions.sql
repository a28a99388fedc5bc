-- Newest first, after the row (p_before_at, p_before_id).
create or replace function public.list_sessions(p_before_at timestamptz, p_before_id uuid, p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', page.id, 'kind', page.kind, 'email', page.email, 'name', page.name, 'role', page.role,
    'created_at', page.created_at, 'expires_at', page.expires_at, 'ip', host(page.ip), 'user_agent', page.user_agent)
    order by page.created_at desc, page.id desc), '[]')
  from (
    select s.*, u.email, u.name
    from public.actp_sessions s join public.actp_users u on u.id = s.user_id
    where s.ended_at is null and s.expires_at > clock_timestamp()
      and (p_before_at is null or (s.created_at, s.id) < (p_before_at, p_before_id))
    order by s.created_at desc, s.id desc
    limit p_limit
  ) page;
$$;

comment on function public.list_sessions(timestamptz, uuid, integer) is
  'Returns a page of live sessions, newest first.';

revoke all on function public.list_sessions(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_sessions(timestamptz, uuid, integer) to actp_gateway;
