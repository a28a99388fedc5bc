-- Newest first, after (p_before_at, p_before_id).
create or replace function public.list_agents(p_before_at timestamptz, p_before_id text, p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.agent_json(page) order by page.created_at desc, page.id desc), '[]')
  from (
    select a.* from public.actp_agents a
    where a.deleted_at is null and (p_before_at is null or (a.created_at, a.id) < (p_before_at, p_before_id))
    order by a.created_at desc, a.id desc
    limit p_limit
  ) page;
$$;

comment on function public.list_agents(timestamptz, text, integer) is
  'Returns a page of agents, newest first, without their keys.';

revoke all on function public.list_agents(timestamptz, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_agents(timestamptz, text, integer) to actp_gateway;
