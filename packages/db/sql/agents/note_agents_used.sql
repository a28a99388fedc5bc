create or replace function public.note_agents_used(p_ids text[]) returns void
language sql
security definer
set search_path = ''
as $$
  update public.actp_agents a set last_used_at = clock_timestamp()
  -- In one order for all, so that two gateways cannot wait for each other.
  from (select g.id from public.actp_agents g where g.id = any (p_ids) order by g.id for update) used
  where a.id = used.id;
$$;

comment on function public.note_agents_used(text[]) is
  'Notes that these agents have used their keys just now.';

revoke all on function public.note_agents_used(text[]) from public, anon, authenticated, service_role;
grant execute on function public.note_agents_used(text[]) to actp_gateway;
