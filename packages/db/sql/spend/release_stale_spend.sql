-- Reservations whose holder never came back. Until this has run they hold their room, and can still be committed: money that
-- may have been spent is rather counted than not. Gives the ids.
create or replace function public.release_stale_spend(p_limit integer) returns setof uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  v_released public.actp_spend_reservations[] := '{}';
begin
  for r in
    select * from public.actp_spend_reservations s
    where s.state = 'reserved' and s.expires_at <= clock_timestamp()
      -- The money of a task that waits for a person stays reserved as long as the task is open.
      and not exists (select from public.actp_tasks t where t.id = s.task_id and t.ended_at is null)
    order by s.user_id, s.day, s.id limit p_limit for update skip locked
  loop
    update public.actp_spend_reservations s
    set state = 'released', ended_at = clock_timestamp() where s.id = r.id
    returning * into r;
    update public.actp_daily_spend d
    set reserved_minor = d.reserved_minor - r.amount_minor
    where d.user_id = r.user_id and d.day = r.day;
    v_released := v_released || r;
    return next r.id;
  end loop;
  -- The lane of the audit log comes last: nobody waits for a user's row while holding it.
  foreach r in array v_released loop
    perform public.audit_spend(r, 'spend.release', 'ok', '{"stale": true}', '{}');
  end loop;
end;
$$;

comment on function public.release_stale_spend(integer) is
  'Releases expired reservations and returns their ids.';

revoke all on function public.release_stale_spend(integer) from public, anon, authenticated, service_role;
grant execute on function public.release_stale_spend(integer) to actp_scheduler;
