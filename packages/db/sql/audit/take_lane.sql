-- The lane that this transaction writes to on a day, locked until its end. The first free one: as long as there are more
-- lanes than writers, nobody waits, and so nobody can wait in a circle.
create or replace function actp_audit.take_lane(p_day date) returns actp_audit.lanes
language plpgsql
set search_path = ''
as $$
declare
  v_mine text := p_day || ':';
  v_taken text := current_setting('actp.audit_lane', true);
  v_lane actp_audit.lanes;
begin
  if left(v_taken, char_length(v_mine)) = v_mine then
    select * into strict v_lane from actp_audit.lanes l
    where l.day = p_day and l.lane = substr(v_taken, char_length(v_mine) + 1)::smallint for update;
    return v_lane;
  end if;
  select * into v_lane from actp_audit.lanes l
  where l.day = p_day order by l.lane limit 1 for update skip locked;
  if not found then
    insert into actp_audit.lanes (day, lane)
    select p_day, n from generate_series(0, actp_audit.lane_count() - 1) n
    on conflict do nothing;
    select * into strict v_lane from actp_audit.lanes l
    where l.day = p_day and l.lane = pg_backend_pid() % actp_audit.lane_count() for update;
  end if;
  perform set_config('actp.audit_lane', v_mine || v_lane.lane, true);
  return v_lane;
end;
$$;

comment on function actp_audit.take_lane(date) is
  'Locks a lane of a day for this transaction and returns it.';

revoke all on function actp_audit.take_lane(date) from public, anon, authenticated, service_role;
