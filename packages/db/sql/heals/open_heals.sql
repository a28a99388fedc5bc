-- Takes up a request to heal a run, once. p_suites is [{suite, fingerprint, skip}]; `skip` says why nothing is tried.
create or replace function public.open_heals(
  p_run_id uuid, p_holder text, p_request text, p_asked_by text, p_suites jsonb, p_nothing text
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  perform public.assert_heal_lease(p_run_id, p_holder);
  update public.actp_heals o set touched_at = clock_timestamp()
  where o.run_id = p_run_id and o.request = p_request and o.finished_at is null;
  if not exists (select 1 from public.actp_heals o where o.run_id = p_run_id and o.request = p_request) then
    for h in
      insert into public.actp_heals (run_id, suite, request, asked_by, place, fingerprint, step, state, reason, finished_at)
      select p_run_id, x.suite, p_request, p_asked_by, x.n, x.fingerprint,
        case when x.skip is null then 'queued' else 'report' end,
        case when x.skip is null then 'queued' else 'skipped' end, left(x.skip, 2000),
        case when x.skip is not null then clock_timestamp() end
      from rows from (jsonb_to_recordset(p_suites) as (suite text, fingerprint text, skip text)) with ordinality
        as x (suite, fingerprint, skip, n)
      returning *
    loop
      perform public.audit_heal(h, case when h.state = 'queued' then 'heal.queue' else 'heal.verdict' end, 'ok', null);
    end loop;
    if jsonb_array_length(p_suites) > 0 then
      perform public.note_heal(p_run_id, p_request);
    else
      -- What an earlier request has come to stays.
      update public.actp_agent_health_snapshots s
      set heal = jsonb_build_object('state', 'skipped', 'reason', p_nothing, 'request', p_request, 'asked_by', p_asked_by,
        'suites', '[]'::jsonb)
      where s.run_id = p_run_id and coalesce(s.heal ->> 'state', 'queued') in ('queued', 'running');
    end if;
  end if;
  return coalesce((
    select jsonb_agg(public.heal_json(o) order by o.place) from public.actp_heals o
    where o.run_id = p_run_id and o.request = p_request), '[]');
end;
$$;

comment on function public.open_heals(uuid, text, text, text, jsonb, text) is
  'Creates the heals of a run, one for each failing suite. A second call changes nothing.';

revoke all on function public.open_heals(uuid, text, text, text, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.open_heals(uuid, text, text, text, jsonb, text) to actp_runner;
