-- What a user has spent and reserved on a day: {day, spent_minor, reserved_minor, by_agent: {agent: minor units}}.
create or replace function public.read_spend(p_user_id uuid, p_day date default null) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'day', today.day,
    'spent_minor', coalesce(d.spent_minor, 0),
    'reserved_minor', coalesce(d.reserved_minor, 0),
    'by_agent', coalesce((
      select jsonb_object_agg(spent.agent, spent.minor)
      from (
        select s.agent, sum(s.committed_minor) as minor from public.actp_spend_reservations s
        where s.user_id = p_user_id and s.day = today.day and s.state = 'committed'
        group by s.agent
      ) spent), '{}'))
  from (select coalesce(p_day, (clock_timestamp() at time zone 'UTC')::date) as day) today
  left join public.actp_daily_spend d on d.user_id = p_user_id and d.day = today.day;
$$;

comment on function public.read_spend(uuid, date) is
  'Returns what a user has spent and reserved on a day.';

revoke all on function public.read_spend(uuid, date) from public, anon, authenticated, service_role;
grant execute on function public.read_spend(uuid, date) to actp_scheduler, actp_gateway;
