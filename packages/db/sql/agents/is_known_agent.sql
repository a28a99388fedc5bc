-- Has a key of its own, or has asked for an approval. As it is written, or in lower case.
create or replace function public.is_known_agent(p_name text) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select from public.actp_agents a where a.id = p_name or a.name = lower(p_name))
    or exists (
      select from public.actp_approval_queue q where coalesce(q.asked_by, q.requested_by) in (p_name, lower(p_name)));
$$;

comment on function public.is_known_agent(text) is
  'Says whether an agent of this name is known.';

revoke all on function public.is_known_agent(text) from public, anon, authenticated, service_role;
grant execute on function public.is_known_agent(text) to actp_bot;
