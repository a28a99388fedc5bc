-- What one source has seen in one project, merged in one transaction. A finding is fixed when every source that saw it has looked again and
-- sees it no more; a source that could not look ("unavailable") adds what it has seen all the same, and takes nothing away. A run that began
-- before the recorded one began changes nothing: its state of the project is the older one.
create or replace function public.record_review(p_review jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_project text := p_review ->> 'project';
  v_source text := p_review ->> 'source';
  v_verdict text := p_review ->> 'verdict';
  v_started timestamptz := (p_review ->> 'started_at')::timestamptz;
  v_now timestamptz := clock_timestamp();
  v_seen uuid[];
  v_known uuid[];
  v_new uuid[];
  v_fixed uuid[] := '{}';
  v_notification uuid;
begin
  -- Two sources of a project may see the same finding.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('actp.record_review'), pg_catalog.hashtext(v_project));

  if exists (select from public.actp_reviews r
    where r.project = v_project and r.source = v_source and r.started_at > v_started) then
    return jsonb_build_object('recorded', false, 'new', 0, 'fixed', 0, 'notification_id', null);
  end if;

  select coalesce(array_agg(distinct f.id), '{}') into v_seen
  from jsonb_to_recordset(p_review -> 'findings') as f (id uuid);

  -- Known: seen before and not fixed since. What comes back is new again.
  select coalesce(array_agg(f.id), '{}') into v_known
  from public.actp_findings f where f.id = any (v_seen) and f.state <> 'fixed';

  insert into public.actp_findings as old
    (id, project, kind, severity, package, version, path, title, detail, state, seen_by, first_seen_at, last_seen_at)
  select distinct on (f.id) f.id, v_project, f.kind, f.severity, left(f.package, 300), left(f.version, 200), left(f.path, 1000),
    left(f.title, 500), coalesce(left(f.detail, 4000), ''),
    case when exists (select from public.actp_accepted_findings a where a.finding_id = f.id and a.until > v_now)
      then 'accepted' else 'open' end,
    array[v_source], v_now, v_now
  from jsonb_to_recordset(p_review -> 'findings')
    as f (id uuid, kind text, severity text, package text, version text, path text, title text, detail text)
  order by f.id
  on conflict (id) do update set
    severity = excluded.severity, title = excluded.title, detail = excluded.detail, path = excluded.path, state = excluded.state,
    last_seen_at = v_now, fixed_at = null,
    seen_by = case when old.state = 'fixed' then excluded.seen_by
      when v_source = any (old.seen_by) then old.seen_by else old.seen_by || v_source end;

  if v_verdict <> 'unavailable' then
    with gone as (
      update public.actp_findings f
      set seen_by = array_remove(f.seen_by, v_source),
        state = case when f.seen_by = array[v_source] then 'fixed' else f.state end,
        fixed_at = case when f.seen_by = array[v_source] then v_now end
      where f.project = v_project and f.state <> 'fixed' and v_source = any (f.seen_by) and f.id <> all (v_seen)
      returning f.id, f.state
    )
    select coalesce(array_agg(g.id), '{}') into v_fixed from gone g where g.state = 'fixed';
  end if;

  insert into public.actp_reviews as r (project, source, verdict, reason, started_at, finished_at)
  values (v_project, v_source, v_verdict, left(p_review ->> 'reason', 1000), v_started, v_now)
  on conflict (project, source) do update set
    verdict = excluded.verdict, reason = excluded.reason, started_at = excluded.started_at, finished_at = excluded.finished_at;

  select coalesce(array_agg(id), '{}') into v_new from unnest(v_seen) id where id <> all (v_known);
  v_notification := public.announce_findings('New findings in ' || v_project || ' (' || v_source || ')', v_new);
  return jsonb_build_object('recorded', true, 'new', cardinality(v_new), 'fixed', cardinality(v_fixed),
    'notification_id', v_notification);
end;
$$;

comment on function public.record_review(jsonb) is
  'Merges what one source has found in one project, and creates the message about new high and critical findings, in one transaction.';

revoke all on function public.record_review(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_review(jsonb) to actp_inspector, actp_cli;
