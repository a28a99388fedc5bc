-- Looks at the next rows of one chain, those with the numbers after p_after, where p_before was the last hash:
-- {checked, seq, hash, first_bad, head: {seq, hash}}. first_bad is {seq, id, event_id, reason, found}; head is what the lane said at
-- the same moment. One call looks at up to p_limit rows, so that it stays far below the time that PostgREST gives a
-- statement.
create or replace function public.verify_audit_chain(
  p_day date, p_lane integer, p_after bigint, p_before text, p_limit integer
) returns jsonb
language plpgsql
stable
security definer
set search_path = ''
set jit = off
-- In the order of the chain's own index: without statistics of a young partition the planner would sort whole rows.
set enable_bitmapscan = off
set enable_seqscan = off
as $$
declare
  -- The day stands in the text, so that only its partition is planned.
  v_rows text := format(
    'select l.* from public.actp_agent_audit_log l
     where l.created_at >= %L and l.created_at < %L and l.chain_lane = $1 and l.chain_seq > $2
     order by l.chain_seq limit $3',
    p_day::timestamp at time zone 'UTC', (p_day + 1)::timestamp at time zone 'UTC');
  v_count bigint;
  v_first bigint;
  v_bad jsonb;
  v_hash text;
  v_head jsonb;
begin
  -- The n-th row has the n-th number: any other one says that rows are missing before it, or that it is too many.
  execute format($query$
    select count(*), min(o.place) filter (where o.good is not true)
    from (
      select row_number() over w as place,
        r.chain_seq = $2 + row_number() over w
          and r.prev_hash = lag(r.hash, 1, $4) over w
          and r.hash = sha256(r.prev_hash || convert_to(actp_audit.canonical(r), 'UTF8')) as good
      from (%s) r
      window w as (order by r.chain_seq)
    ) o
  $query$, v_rows)
  into v_count, v_first using p_lane, p_after, p_limit, decode(p_before, 'hex');

  if v_first is not null then
    execute format($query$
      select jsonb_build_object('seq', r.chain_seq, 'id', r.id, 'event_id', r.event_id,
        'found', encode(sha256(r.hash || convert_to(actp_audit.canonical(r), 'UTF8')), 'hex'), 'reason', case
        when r.chain_seq > $2 + $4 then 'rows before it are missing'
        when r.chain_seq < $2 + $4 then 'its number is there twice'
        when r.hash <> sha256(r.prev_hash || convert_to(actp_audit.canonical(r), 'UTF8')) then 'it was changed'
        else 'it does not follow the row before it' end)
      from (%s) r offset $4 - 1 limit 1
    $query$, v_rows)
    into v_bad using p_lane, p_after, p_limit, v_first;
  else
    execute format('select encode(r.hash, ''hex'') from (%s) r where r.chain_seq = $2 + $3', v_rows)
    into v_hash using p_lane, p_after, v_count;
  end if;
  select jsonb_build_object('seq', l.seq, 'hash', encode(l.hash, 'hex')) into v_head
  from actp_audit.lanes l where l.day = p_day and l.lane = p_lane;
  return jsonb_build_object(
    'checked', v_count, 'seq', p_after + v_count, 'hash', coalesce(v_hash, p_before), 'first_bad', v_bad, 'head', v_head);
end;
$$;

comment on function public.verify_audit_chain(date, integer, bigint, text, integer) is
  'Verifies a section of one hash chain and returns the first bad row.';

revoke all on function public.verify_audit_chain(date, integer, bigint, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.verify_audit_chain(date, integer, bigint, text, integer) to actp_gateway, actp_auditor, actp_cli;
