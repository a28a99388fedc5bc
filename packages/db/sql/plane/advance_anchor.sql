-- What the next anchor says, when the log has grown since p_total: {plane_id, epoch, total, heads, stopped, written}; without heads when it has not,
-- and `held` while nothing may be anchored. The write is flushed whatever the server is set to, and everything that it has seen with it: an
-- anchor never names what a crash can take away.
create or replace function public.advance_anchor(p_total bigint, p_epoch integer) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_total bigint := actp_audit.audit_total();
  v_hold jsonb := public.plane_hold();
  v_anchored bigint;
  p actp_audit.plane;
begin
  select * into p from actp_audit.plane;
  if v_hold is not null then
    return jsonb_build_object('total', v_total, 'epoch', coalesce(p.epoch, 0), 'anchored', p.anchored_rows, 'held', v_hold);
  end if;
  if v_total = p_total and p.epoch = p_epoch and p.anchored_rows is not null and p.accepted_at is null then
    return jsonb_build_object('total', v_total, 'epoch', p.epoch, 'anchored', p.anchored_rows);
  end if;
  -- Auditors of several machines take turns, so that this never goes back.
  select * into strict p from actp_audit.plane for update;
  v_total := actp_audit.audit_total();
  perform set_config('synchronous_commit', 'on', true);
  -- The first anchor is written before the database says that it has had one.
  v_anchored := case when p.anchored_rows is not null or p_total >= 0 then greatest(p.anchored_rows, v_total) end;
  -- Known to the caller means written: from here on the anchor says what was accepted, and a copy made before is compared with it.
  update actp_audit.plane set anchored_rows = v_anchored, anchored_at = clock_timestamp(),
    accepted_at = case when p_epoch is distinct from p.epoch then accepted_at end;
  return jsonb_build_object(
    'plane_id', p.plane_id, 'epoch', p.epoch, 'total', actp_audit.audit_total(), 'anchored', p.anchored_rows, 'written', coalesce(v_anchored, 0),
    'heads', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'day', l.day, 'lane', l.lane, 'seq', l.seq, 'hash', encode(l.hash, 'hex')) order by l.day, l.lane), '[]')
      from actp_audit.lanes l
      -- Also those that grow now where the clock was set back: the newest days do not grow then.
      where l.seq > 0 and (
        l.day in (select distinct d.day from actp_audit.lanes d where d.seq > 0 order by d.day desc limit 2)
        or l.day between (clock_timestamp() at time zone 'UTC')::date - 1 and (clock_timestamp() at time zone 'UTC')::date)),
    'stopped', (
      select coalesce(jsonb_agg(jsonb_build_object('scope', k.scope, 'reason', k.reason, 'set_by', k.set_by, 'since', k.set_at)
        order by k.set_at), '[]')
      from public.actp_kill_switches k where k.lifted_at is null));
end;
$$;

comment on function public.advance_anchor(bigint, integer) is
  'Returns what the anchor has to say when the audit log has grown.';

revoke all on function public.advance_anchor(bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.advance_anchor(bigint, integer) to actp_auditor;
