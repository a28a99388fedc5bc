create or replace function public.list_operators(p_before_at timestamptz, p_before_id uuid, p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.operator_json(page) order by page.created_at desc, page.id desc), '[]')
  from (
    select u.* from public.actp_users u
    where u.role = 'operator' and (p_before_at is null or (u.created_at, u.id) < (p_before_at, p_before_id))
    order by u.created_at desc, u.id desc
    limit p_limit
  ) page;
$$;

comment on function public.list_operators(timestamptz, uuid, integer) is
  'Returns a page of operators, newest first.';

revoke all on function public.list_operators(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_operators(timestamptz, uuid, integer) to actp_gateway;
