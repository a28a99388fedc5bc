-- How many reminders are due by now: one at half of the time, one at three quarters.
create or replace function public.reminders_due(a public.actp_approval_queue) returns integer
language sql
stable
set search_path = ''
as $$
  select case
    when clock_timestamp() >= a.created_at + (a.expires_at - a.created_at) * 0.75 then 2
    when clock_timestamp() >= a.created_at + (a.expires_at - a.created_at) * 0.5 then 1
    else 0 end;
$$;

comment on function public.reminders_due(public.actp_approval_queue) is
  'Returns how many reminders of a pending approval are due by now.';

revoke all on function public.reminders_due(public.actp_approval_queue) from public, anon, authenticated, service_role;
