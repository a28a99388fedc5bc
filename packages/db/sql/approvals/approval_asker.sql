-- Whom an approval belongs to. What was inserted directly belongs to whom its row names; what is older than asked_by to
-- whoever requested it.
create or replace function public.approval_asker(a public.actp_approval_queue) returns text
language sql
immutable
set search_path = ''
as $$
  select coalesce(a.asked_by, a.requested_by);
$$;

comment on function public.approval_asker(public.actp_approval_queue) is
  'Returns the agent that an approval belongs to.';

revoke all on function public.approval_asker(public.actp_approval_queue) from public, anon, authenticated, service_role;
