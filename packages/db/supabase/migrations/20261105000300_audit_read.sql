-- Reading the audit log. An event as callers see it: the table's columns. As text (json), which is written out in half the
-- time that jsonb takes.
create function actp_audit.event_json(r public.actp_agent_audit_log) returns json
language sql
stable
as $$
  select json_build_object(
    'id', r.id, 'event_id', r.event_id, 'agent_id', r.agent_id, 'action_type', r.action_type, 'status', r.status,
    'result', r.result, 'error', r.error, 'started_at', r.started_at, 'completed_at', r.completed_at,
    'ip_address', host(r.ip_address), 'user_agent', r.user_agent, 'request_id', r.request_id, 'task_id', r.task_id,
    'approval_id', r.approval_id, 'created_at', r.created_at, 'chain_lane', r.chain_lane, 'chain_seq', r.chain_seq,
    'prev_hash', encode(r.prev_hash, 'hex'), 'hash', encode(r.hash, 'hex'))
$$;

-- A page, newest first, after the row (p_before_at, p_before_id). p_filter is {agent_ids, action_type, status, ip, since,
-- until}; what is left out does not filter. Day by day from the newest, each with a statement that names its bounds and has
-- only the conditions that are asked for: so each is one walk down one index of one partition.
create function public.list_audit_events(
  p_filter jsonb, p_before_at timestamptz, p_before_id bigint, p_limit integer
) returns json
language plpgsql
stable
security definer
set search_path = ''
set jit = off
as $$
declare
  v_where text := 'true';
  v_since timestamptz := (p_filter ->> 'since')::timestamptz;
  v_until timestamptz := least((p_filter ->> 'until')::timestamptz, p_before_at);
  v_left integer := p_limit;
  v_page text;
  v_count integer;
  v_pages text[] := '{}';
  v_from timestamptz;
  v_to timestamptz;
begin
  if p_filter ? 'agent_ids' then
    v_where := v_where || ' and (' || (
      select string_agg(format('l.agent_id = %L', a), ' or ') from jsonb_array_elements_text(p_filter -> 'agent_ids') a) || ')';
  end if;
  if p_filter ? 'action_type' then
    v_where := v_where || format(' and l.action_type = %L', p_filter ->> 'action_type');
  end if;
  if p_filter ? 'status' then
    v_where := v_where || format(' and l.status = %L', p_filter ->> 'status');
  end if;
  if p_filter ? 'ip' then
    v_where := v_where || format(' and l.ip_address = %L::inet', p_filter ->> 'ip');
  end if;
  if v_since is not null then
    v_where := v_where || format(' and l.created_at >= %L', v_since);
  end if;
  if p_filter ? 'until' then
    v_where := v_where || format(' and l.created_at < %L', (p_filter ->> 'until')::timestamptz);
  end if;
  if p_before_at is not null then
    v_where := v_where || format(' and (l.created_at, l.id) < (%L::timestamptz, %L::bigint)', p_before_at, p_before_id);
  end if;

  for v_from, v_to in
    select d.day::timestamp at time zone 'UTC', (d.day + 1)::timestamp at time zone 'UTC'
    from (
      select l.day from actp_audit.lanes l where l.lane = 0
      union
      select (o.created_at at time zone 'UTC')::date from actp_audit.log_other o
    ) d
    where v_until is null or d.day <= (v_until at time zone 'UTC')::date
    order by d.day desc
  loop
    exit when v_to <= v_since or v_left <= 0;
    execute format($query$
      select string_agg(actp_audit.event_json(e)::text, ',' order by e.created_at desc, e.id desc), count(*) from (
        select l.* from public.actp_agent_audit_log l
        where l.created_at >= %L and l.created_at < %L and %s
        order by l.created_at desc, l.id desc
        limit %s) e
    $query$, v_from, v_to, v_where, v_left)
    into v_page, v_count;
    if v_count > 0 then
      v_pages := v_pages || v_page;
      v_left := v_left - v_count;
    end if;
  end loop;
  return ('[' || array_to_string(v_pages, ',') || ']')::json;
end;
$$;

-- What happened since p_since and before p_until, for people: counts, actors, what went wrong.
create function public.audit_summary(p_since timestamptz, p_until timestamptz) returns jsonb
language sql
stable
security definer
set search_path = ''
set jit = off
as $$
  with counted as (
    select l.action_type, l.agent_id, l.status, count(*) as n
    from public.actp_agent_audit_log l
    where l.created_at >= p_since and l.created_at < p_until
    group by 1, 2, 3
  )
  select jsonb_build_object(
    'since', p_since,
    'until', p_until,
    'events', (select coalesce(sum(c.n), 0) from counted c),
    'top_actions', (
      select coalesce(jsonb_agg(jsonb_build_object('action_type', t.action_type, 'count', t.n) order by t.n desc, t.action_type), '[]')
      from (select c.action_type, sum(c.n) as n from counted c group by 1 order by 2 desc, 1 limit 10) t),
    'errors', (select coalesce(sum(c.n), 0) from counted c where c.status in ('error', 'failed', 'failure')),
    'denied', (select coalesce(sum(c.n), 0) from counted c where c.status = 'denied'),
    'unique_actors', (select count(distinct c.agent_id) from counted c),
    'approvals', jsonb_build_object(
      'requested', (select coalesce(sum(c.n), 0) from counted c where c.action_type = 'approval.request' and c.status = 'ok'),
      'approved', (select count(*) from public.actp_approval_queue a
        where a.status = 'approved' and a.decided_at >= p_since and a.decided_at < p_until),
      'rejected', (select count(*) from public.actp_approval_queue a
        where a.status = 'rejected' and a.decided_at >= p_since and a.decided_at < p_until),
      'expired', (select count(*) from public.actp_approval_queue a
        where a.status in ('expired', 'pending') and a.expires_at >= p_since and a.expires_at < least(p_until, now()))),
    'security_events', (select coalesce(sum(c.n), 0) from counted c where c.action_type like 'security.%'));
$$;
