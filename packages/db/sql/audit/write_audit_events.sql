-- Writes events of our own services, redacted before: [{event_id, agent_id, action_type, status, ...}], up to 500. An
-- event_id that was seen before is skipped, so that writing again is harmless. Gives {written, known}.
--
-- A column that service_role may not set says that the chain was computed here, for all rows at once: a trigger call for
-- each row would take longer than all the rest (docs/decisions).
create or replace function public.write_audit_events(p_events jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_day date := (now() at time zone 'UTC')::date;
  v_lane actp_audit.lanes;
  v_written integer;
  v_seq bigint;
  v_hash bytea;
  v_ip inet;
  v_user_agent text;
begin
  if jsonb_typeof(p_events) is distinct from 'array' or jsonb_array_length(p_events) > 500 then
    raise exception 'up to 500 events at a time' using errcode = 'invalid_parameter_value';
  end if;
  v_ip := actp_audit.request_address();
  v_user_agent := left(coalesce(nullif(actp_audit.request_header('user-agent'), ''), 'actp-worker'), 512);
  v_lane := actp_audit.take_lane(v_day);

  with given as materialized (
    select e.* from rows from (jsonb_to_recordset(p_events) as (
      event_id uuid, agent_id text, action_type text, status text, result jsonb, error text, started_at timestamptz,
      completed_at timestamptz, ip_address inet, user_agent text, request_id text, task_id uuid, approval_id uuid,
      source text
    )) with ordinality as e (
      event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent, request_id,
      task_id, approval_id, source, n)
  ), fresh as materialized (
    insert into actp_audit.event_ids (event_id, day)
    -- In one order for all, so that two that write the same ids cannot wait for each other.
    select distinct g.event_id, v_day from given g order by g.event_id
    on conflict do nothing
    returning event_id
  ), numbered as materialized (
    select first.*, v_lane.seq + row_number() over (order by first.n) as seq, nextval('actp_audit.audit_ids') as id
    from (select distinct on (g.event_id) g.* from given g join fresh f using (event_id) order by g.event_id, g.n) first
    order by first.n
  ), complete as (
    select row(
      r.id, r.event_id, r.agent_id, r.action_type, r.status, nullif(r.result, 'null'), r.error, r.started_at, r.completed_at,
      coalesce(r.ip_address, v_ip), coalesce(nullif(r.user_agent, ''), v_user_agent), r.request_id, r.task_id,
      r.approval_id, now(), v_lane.lane, r.seq, null, null, r.source)::public.actp_agent_audit_log as a
    from numbered r
  ), hashed as materialized (
    select (c.a).*, actp_audit.chain(v_lane.hash, actp_audit.canonical(c.a)) over (order by (c.a).chain_seq) as h
    from complete c
  ), inserted as (
    insert into public.actp_agent_audit_log
    select x.id, x.event_id, x.agent_id, x.action_type, x.status, x.result, x.error, x.started_at, x.completed_at,
      x.ip_address, x.user_agent, x.request_id, x.task_id, x.approval_id, x.created_at, x.chain_lane, x.chain_seq,
      lag(x.h, 1, v_lane.hash) over (order by x.chain_seq), x.h, x.source
    from hashed x
  )
  select count(*), max(x.chain_seq), (array_agg(x.h order by x.chain_seq desc))[1]
  into v_written, v_seq, v_hash
  from hashed x;

  if v_written > 0 then
    update actp_audit.lanes l set seq = v_seq, hash = v_hash where l.day = v_day and l.lane = v_lane.lane;
  end if;
  return jsonb_build_object('written', v_written, 'known', jsonb_array_length(p_events) - v_written);
end;
$$;

comment on function public.write_audit_events(jsonb) is
  'Appends up to 500 redacted audit events to a hash chain. Known event ids are skipped.';

revoke all on function public.write_audit_events(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.write_audit_events(jsonb) to actp_gateway, actp_bot, actp_scheduler, actp_runner, actp_auditor, actp_executor, actp_inspector;
