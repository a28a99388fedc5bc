-- The last days (UTC, today included) on which a user has spent or reserved something, newest first: [{day, spent_minor, reserved_minor}].
create or replace function public.read_spend_days(p_user_id uuid, p_days integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object('day', d.day, 'spent_minor', d.spent_minor, 'reserved_minor', d.reserved_minor) order by d.day desc),
    '[]')
  from public.actp_daily_spend d
  where d.user_id = p_user_id and d.day > (clock_timestamp() at time zone 'UTC')::date - p_days
    and (d.spent_minor > 0 or d.reserved_minor > 0);
$$;

comment on function public.read_spend_days(uuid, integer) is
  'Returns what a user has spent and reserved on each of the last days.';

revoke all on function public.read_spend_days(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.read_spend_days(uuid, integer) to actp_gateway;
