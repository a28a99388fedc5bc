-- A page, newest first, after the row (p_before_at, p_before_id). p_filter is {agent_ids, task_owner, agent_id, action_type, status,
-- source, ip, since, until}; what is left out does not filter. Rows are of any of agent_ids, or of any task of task_owner, a user;
-- everything else narrows that. Day by day from the newest, each with a statement that names its bounds and has
-- only the conditions that are asked for: so each is one walk down one index of one partition.
-- A result with numbers that are longer than a reader's own (more than the 15 digits that a double always keeps) comes as
-- text (result_text), too, so that no digit of it is lost on the way.
create or replace function public.list_audit_events(
  p_filter jsonb, p_before_at timestamptz, p_before_id bigint, p_limit integer
) returns setof json
language plpgsql
stable
security definer
set search_path = ''
set jit = off
as $$
declare
  v_where text := '';
  v_own text[] := '{}';
  v_since timestamptz := (p_filter ->> 'since')::timestamptz;
  v_until timestamptz := least((p_filter ->> 'until')::timestamptz, p_before_at);
  v_left integer := p_limit;
  v_count integer;
  v_day date;
  v_from timestamptz;
  v_to timestamptz;
  v_table text;
begin
  if p_filter ? 'agent_ids' then
    v_own := (select array_agg(format('l.agent_id = %L', a)) from jsonb_array_elements_text(p_filter -> 'agent_ids') a);
  end if;
  if p_filter ? 'task_owner' then
    -- As values and not as a subquery: only so does an index help with one of several conditions.
    v_own := v_own || format('l.task_id = any (%L::uuid[])', array(
      select t.id from public.actp_tasks t where t.user_id = (p_filter ->> 'task_owner')::uuid));
    -- What stands under the same address from before is of an account that was deleted, or of whoever tried the address.
    v_since := greatest(
      v_since, (select u.created_at from public.actp_users u where u.id = (p_filter ->> 'task_owner')::uuid));
  end if;
  if p_filter ?| array['agent_ids', 'task_owner'] then
    v_where := v_where || ' and (' || array_to_string(v_own, ' or ') || ')';
  end if;
  if p_filter ? 'agent_id' then
    v_where := v_where || format(' and l.agent_id = %L', p_filter ->> 'agent_id');
  end if;
  if p_filter ? 'action_type' then
    v_where := v_where || format(' and l.action_type = %L', p_filter ->> 'action_type');
  end if;
  if p_filter ? 'status' then
    v_where := v_where || format(' and l.status = %L', p_filter ->> 'status');
  end if;
  if p_filter ? 'source' then
    v_where := v_where || format(' and l.source = %L', p_filter ->> 'source');
  end if;
  if p_filter ? 'ip' then
    v_where := v_where || format(' and l.ip_address = %L::inet', p_filter ->> 'ip');
  end if;
  if p_before_at is not null then
    v_where := v_where || format(' and (l.created_at, l.id) < (%L::timestamptz, %L::bigint)', p_before_at, p_before_id);
  end if;

  for v_day in
    select d.day
    from (
      select l.day from actp_audit.lanes l where l.lane = 0
      union
      select (o.created_at at time zone 'UTC')::date from actp_audit.log_other o
    ) d
    where v_until is null or d.day <= (v_until at time zone 'UTC')::date
    order by d.day desc
  loop
    v_from := v_day::timestamp at time zone 'UTC';
    v_to := (v_day + 1)::timestamp at time zone 'UTC';
    exit when v_to <= v_since or v_left <= 0;
    -- Rows of a day without a partition are all in log_other, and those of one with a partition all there.
    v_table := actp_audit.partition_of(v_day);
    if to_regclass('actp_audit.' || v_table) is null then
      v_table := 'log_other';
    end if;
    v_count := 0;
    begin
      return query execute format($query$
        select row_to_json(e) from (
          select l.id, l.event_id, l.agent_id, l.action_type, l.status, l.result,
            case when l.result::text ~ '[0-9.]{16}' then l.result::text end as result_text,
            l.error, l.started_at, l.completed_at,
            host(l.ip_address) as ip_address, l.user_agent, l.request_id, l.task_id, l.approval_id, l.created_at,
            l.chain_lane, l.chain_seq, encode(l.prev_hash, 'hex') as prev_hash, encode(l.hash, 'hex') as hash,
            l.source
          from actp_audit.%I l
          where l.created_at >= %L and l.created_at < %L %s
          order by l.created_at desc, l.id desc
          limit %s) e
      $query$, v_table, greatest(v_from, v_since), least(v_to, (p_filter ->> 'until')::timestamptz), v_where, v_left);
      get diagnostics v_count = row_count;
    exception
      -- Dropped by retention since it was looked for: too old to be read.
      when undefined_table then null;
    end;
    v_left := v_left - v_count;
  end loop;
end;
$$;

comment on function public.list_audit_events(jsonb, timestamptz, bigint, integer) is
  'Returns a page of audit events, newest first.';

revoke all on function public.list_audit_events(jsonb, timestamptz, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_audit_events(jsonb, timestamptz, bigint, integer) to actp_gateway, actp_cli;
