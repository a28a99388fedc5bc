-- From now on nothing is released or decided. p_stopped is what the anchor says was stopped, or null when nobody knows. Gives true when it
-- was not held for this before; then people are told.
create or replace function public.hold_plane(p_code text, p_reason text, p_stopped jsonb) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_at timestamptz := clock_timestamp();
begin
  update actp_audit.plane p
  set held_code = p_code, held_reason = left(p_reason, 1000), held_at = v_at,
    held_stopped = case when jsonb_typeof(p_stopped) = 'array' then p_stopped end
  where p.held_code is distinct from p_code or p.held_reason is distinct from left(p_reason, 1000);
  if not found then
    return false;
  end if;
  perform public.audit_change('plane.held', 'error', 'plane', jsonb_build_object('code', p_code, 'reason', left(p_reason, 1000)), '{}');
  perform public.enqueue_notification('plane-held:' || v_at, 'plane.held', concat_ws(E'\n',
    '🔴 HELD: nothing is released or decided.', 'Reason: ' || left(p_reason, 1000),
    'Everything can be read. Put the right data back, or accept this copy: npm run restore -- --accept (docs/operations.md).'));
  return true;
end;
$$;

comment on function public.hold_plane(text, text, jsonb) is
  'Sets the held state, and writes the audit event and the notification.';

revoke all on function public.hold_plane(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.hold_plane(text, text, jsonb) to actp_auditor;
