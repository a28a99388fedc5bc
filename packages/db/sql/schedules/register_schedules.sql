-- Tells the database what the cron table says now: [{name, pattern, tz}], enabled entries only.
create or replace function public.register_schedules(p_schedules jsonb) returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_schedules as s (name, pattern, tz)
  select e ->> 'name', e ->> 'pattern', e ->> 'tz' from jsonb_array_elements(p_schedules) e
  on conflict (name) do update
    set pattern = excluded.pattern, tz = excluded.tz, valid_from = clock_timestamp()
    where (s.pattern, s.tz) is distinct from (excluded.pattern, excluded.tz);
  delete from public.actp_schedules s
  where s.name not in (select e ->> 'name' from jsonb_array_elements(p_schedules) e);
end;
$$;

comment on function public.register_schedules(jsonb) is
  'Replaces the stored schedules with the enabled entries of the cron table.';

revoke all on function public.register_schedules(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.register_schedules(jsonb) to actp_scheduler;
