-- A new, empty database stands where another plane was. People are told, and what was stopped there is stopped here.
create or replace function public.note_earlier_plane(p_plane_id text, p_stopped jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_set text[];
begin
  if not exists (select from actp_audit.plane p where p.made_empty and p.anchored_rows is null) then
    raise exception 'this database is not new' using errcode = 'invalid_parameter_value';
  end if;
  v_set := public.stop_again(coalesce(p_stopped, '[]'), 'stopped in the plane that was here before', 'plane', '{}');
  perform public.audit_change('plane.replaced', 'ok', 'plane',
    jsonb_build_object('earlier_plane', left(p_plane_id, 64), 'stopped', to_jsonb(v_set), 'stops_known', p_stopped is not null), '{}');
  perform public.enqueue_notification('plane-replaced:' || left(p_plane_id, 64) || ':' || clock_timestamp(), 'plane.replaced', concat_ws(E'\n',
    '⚠️ A new, empty plane was started where another one was.',
    'What that one knew is not here: approvals, audit log, accounts.',
    case when cardinality(v_set) > 0 then 'Stopped here as it was there: ' || array_to_string(v_set, ', ') end,
    case when p_stopped is null then 'Its anchor is not signed with this AUDIT_SIGNING_KEY, so that nobody knows what was stopped there.' end));
  return to_jsonb(v_set);
end;
$$;

comment on function public.note_earlier_plane(text, jsonb) is
  'Records that a new database replaces another plane, and stops what was stopped there.';

revoke all on function public.note_earlier_plane(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.note_earlier_plane(text, jsonb) to actp_auditor;
