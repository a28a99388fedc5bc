-- The anchor cannot be written (p_problem), or can be again (''). The plane goes on: it is the newest there is, but an older copy that was
-- put back now would not be noticed as far as the anchor lags. Gives true when that is new; then people are told.
create or replace function public.note_anchor_problem(p_problem text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_problem text := nullif(left(p_problem, 1000), '');
  v_at timestamptz := clock_timestamp();
begin
  update actp_audit.plane p
  set anchor_problem = v_problem, anchor_problem_at = case when v_problem is not null then v_at end
  where p.anchor_problem is distinct from v_problem;
  if not found then
    return false;
  end if;
  if v_problem is null then
    perform public.audit_change('plane.anchor_written', 'ok', 'plane', '{}', '{}');
    return true;
  end if;
  perform public.audit_change('plane.anchor_unwritten', 'error', 'plane', jsonb_build_object('problem', v_problem), '{}');
  perform public.enqueue_notification('plane-anchor-unwritten:' || v_at, 'plane.anchor_unwritten', concat_ws(E'\n',
    '⚠️ The anchor cannot be written: an older copy of the database that is put back would not be noticed.',
    'Reason: ' || v_problem, 'Nothing is held by this. Free the disk, or make the folder writable (docs/operations.md).'));
  return true;
end;
$$;

comment on function public.note_anchor_problem(text) is
  'Records that the anchor cannot be written, or can be again, and tells people.';

revoke all on function public.note_anchor_problem(text) from public, anon, authenticated, service_role;
grant execute on function public.note_anchor_problem(text) to actp_auditor;
