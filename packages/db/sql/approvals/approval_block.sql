-- A switch stops who asked as well as whom it was asked for.
create or replace function public.approval_block(a public.actp_approval_queue) returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(
    public.actp_kill_switch_blocks(public.approval_asker(a), a.action),
    case when a.requested_by is distinct from a.asked_by then public.actp_kill_switch_blocks(a.requested_by, a.action) end);
$$;

comment on function public.approval_block(public.actp_approval_queue) is
  'Returns the oldest kill switch that stops an approval, or null.';

revoke all on function public.approval_block(public.actp_approval_queue) from public, anon, authenticated, service_role;
