-- Makes the accepted findings those of the file: [{finding, reason, until}]. What takes effect and what ends leaves an audit row; an acceptance
-- that ends while its finding is still there makes it open again, and a message when it is high or critical.
create or replace function public.apply_accepted_findings(p_accepted jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_old public.actp_accepted_findings;
  v_new record;
  v_reopened uuid[] := '{}';
  v_begun integer := 0;
  v_ended integer := 0;
  v_notification uuid;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('actp.apply_accepted_findings'));

  for v_old in
    select a.* from public.actp_accepted_findings a
    where a.until <= v_now or not exists (
      select from jsonb_to_recordset(p_accepted) as w (finding uuid, until timestamptz)
      where w.finding = a.finding_id and w.until > v_now)
    order by a.finding_id
  loop
    delete from public.actp_accepted_findings a where a.finding_id = v_old.finding_id;
    update public.actp_findings f set state = 'open' where f.id = v_old.finding_id and f.state = 'accepted';
    if found then
      v_reopened := v_reopened || v_old.finding_id;
    end if;
    v_ended := v_ended + 1;
    perform public.audit_change('finding.accept_end', 'ok', 'plane', jsonb_build_object('finding', v_old.finding_id, 'reason', v_old.reason,
      'until', v_old.until, 'because', case when v_old.until <= v_now then 'expired' else 'withdrawn' end), '{}');
  end loop;

  for v_new in
    select distinct on (w.finding) w.finding, left(w.reason, 1000) as reason, w.until
    from jsonb_to_recordset(p_accepted) as w (finding uuid, reason text, until timestamptz)
    where w.until > v_now
    order by w.finding, w.until
  loop
    insert into public.actp_accepted_findings as a (finding_id, reason, until)
    values (v_new.finding, v_new.reason, v_new.until)
    on conflict (finding_id) do update set reason = excluded.reason, until = excluded.until
      where (a.reason, a.until) is distinct from (excluded.reason, excluded.until);
    if found then
      v_begun := v_begun + 1;
      perform public.audit_change('finding.accept', 'ok', 'plane',
        jsonb_build_object('finding', v_new.finding, 'reason', v_new.reason, 'until', v_new.until), '{}');
    end if;
    update public.actp_findings f set state = 'accepted' where f.id = v_new.finding and f.state = 'open';
  end loop;

  v_notification := public.announce_findings('No longer accepted', v_reopened);
  return jsonb_build_object('now', v_now, 'begun', v_begun, 'ended', v_ended, 'notification_id', v_notification);
end;
$$;

comment on function public.apply_accepted_findings(jsonb) is
  'Puts the file of accepted findings into effect, with an audit row for each one that begins or ends. Returns the database''s time.';

revoke all on function public.apply_accepted_findings(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.apply_accepted_findings(jsonb) to actp_inspector, actp_cli;
