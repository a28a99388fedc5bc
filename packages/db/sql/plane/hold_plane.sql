-- From now on nothing is released or decided. p_anchor is the anchor that shows it: {epoch, stopped}; null when there is none that counts. p_epoch
-- is the epoch of the database that was compared (null: it could not be read); when an operator has accepted it since, nothing is held, and it is
-- to be compared again. Gives true when it was not held for this before. People are told once of each reason, since auditors of several machines,
-- with anchors of their own, may say different things in turn.
create or replace function public.hold_plane(p_code text, p_reason text, p_anchor jsonb, p_epoch integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_at timestamptz := clock_timestamp();
  v_reason text := left(p_reason, 1000);
  v_stopped jsonb := case when jsonb_typeof(p_anchor -> 'stopped') = 'array' then p_anchor -> 'stopped' end;
  p actp_audit.plane;
begin
  -- Somebody has emptied the table: which plane this was, only the anchor knows.
  insert into actp_audit.plane (made_empty, anchored_rows)
  select false, (select coalesce(sum(l.seq), 0) from actp_audit.lanes l)
  where not exists (select from actp_audit.plane)
  on conflict do nothing;
  select * into strict p from actp_audit.plane for update;
  if p.epoch <> p_epoch then
    return false;
  end if;
  if p.held_code is not distinct from p_code and p.held_reason is not distinct from v_reason then
    return false;
  end if;
  update actp_audit.plane set
    held_code = p_code, held_reason = v_reason, held_at = coalesce(p.held_at, v_at),
    -- What one anchor has named stays known when another one is missing.
    held_stopped = coalesce(v_stopped, p.held_stopped), held_epoch = greatest((p_anchor ->> 'epoch')::integer, p.held_epoch)
  returning * into strict p;
  if exists (
    select from public.actp_notifications n
    where n.dedupe_key = 'plane-held:' || p.held_at || ':' || md5(v_reason))
  then
    return false;
  end if;
  perform public.audit_change('plane.held', 'error', 'plane', jsonb_build_object('code', p_code, 'reason', v_reason), '{}');
  perform public.enqueue_notification('plane-held:' || p.held_at || ':' || md5(v_reason), 'plane.held', concat_ws(E'\n',
    '🔴 HELD: nothing is released or decided.', 'Reason: ' || v_reason,
    'Everything can be read. Put the right data back, or accept this copy: npm run restore -- --accept (docs/operations.md).'));
  return true;
end;
$$;

comment on function public.hold_plane(text, text, jsonb, integer) is
  'Sets the held state, and writes the audit event and the notification.';

revoke all on function public.hold_plane(text, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.hold_plane(text, text, jsonb, integer) to actp_auditor;
