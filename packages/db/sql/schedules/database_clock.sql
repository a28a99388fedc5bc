-- Clocks of processes differ, and are set: what is due is asked of this one.
create or replace function public.database_clock() returns timestamptz
language sql
volatile
security definer
set search_path = ''
as $$ select clock_timestamp() $$;

comment on function public.database_clock() is
  'Returns the time by the database''s clock.';

revoke all on function public.database_clock() from public, anon, authenticated, service_role;
grant execute on function public.database_clock() to actp_scheduler;
