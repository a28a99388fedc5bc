-- Signed heads. Whoever owns the database can recompute a chain from any row on; what they cannot make is the auditor's
-- signature over the head that stood there before. The payload is kept as the exact text that was signed.
create table actp_audit.checkpoints (
  n bigint primary key,
  payload text not null,
  signature text not null,
  created_at timestamptz not null default clock_timestamp()
);
create trigger checkpoints_append_only
  before update or delete on actp_audit.checkpoints
  for each row execute function public.refuse_audit_change();
create trigger checkpoints_no_truncate
  before truncate on actp_audit.checkpoints
  for each statement execute function public.refuse_audit_change();

-- Every lane that has rows: [{day, lane, seq, hash}]; p_day for one day.
create function public.audit_heads(p_day date default null) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'day', l.day, 'lane', l.lane, 'seq', l.seq, 'hash', encode(l.hash, 'hex')) order by l.day, l.lane), '[]')
  from actp_audit.lanes l
  where l.seq > 0 and (p_day is null or l.day = p_day);
$$;

-- Keeps a checkpoint. False when its number is taken: another auditor was first.
create function public.record_audit_checkpoint(p_n bigint, p_payload text, p_signature text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  if p_n is distinct from (select coalesce(max(c.n), 0) + 1 from actp_audit.checkpoints c) then
    return false;
  end if;
  insert into actp_audit.checkpoints (n, payload, signature) values (p_n, p_payload, p_signature) on conflict do nothing;
  return found;
end;
$$;

-- Checkpoints after p_after, oldest first: [{n, payload, signature}].
create function public.audit_checkpoints(p_after bigint, p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('n', c.n, 'payload', c.payload, 'signature', c.signature) order by c.n), '[]')
  from (
    select * from actp_audit.checkpoints c where c.n > p_after order by c.n limit least(p_limit, 1000)
  ) c;
$$;

create function public.last_audit_checkpoint() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('n', c.n, 'payload', c.payload, 'signature', c.signature, 'created_at', c.created_at)
  from actp_audit.checkpoints c order by c.n desc limit 1;
$$;

-- Every chain there is to look at, by what the lanes say and by what rows there are: [{day, lane}].
create function public.audit_chains() returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_day date;
  v_found jsonb;
  v_all jsonb := '[]';
begin
  for v_day in
    select l.day from actp_audit.lanes l
    union
    select to_date(right(c.relname, 8), 'YYYYMMDD') from pg_catalog.pg_class c
    join pg_catalog.pg_namespace s on s.oid = c.relnamespace
    where s.nspname = 'actp_audit' and c.relkind = 'r' and c.relname ~ '^log_[0-9]{8}$'
    union
    select (o.created_at at time zone 'UTC')::date from actp_audit.log_other o
    order by 1
  loop
    execute format($query$
      with recursive used (lane) as (
        select min(a.chain_lane) from public.actp_agent_audit_log a where a.created_at >= %1$L and a.created_at < %2$L
        union all
        select (select min(a.chain_lane) from public.actp_agent_audit_log a
                where a.created_at >= %1$L and a.created_at < %2$L and a.chain_lane > u.lane)
        from used u where u.lane is not null
      )
      select jsonb_agg(jsonb_build_object('day', $1, 'lane', b.lane) order by b.lane) from (
        select u.lane from used u where u.lane is not null
        union
        select l.lane from actp_audit.lanes l where l.day = $1 and l.seq > 0) b
    $query$, v_day::timestamp at time zone 'UTC', (v_day + 1)::timestamp at time zone 'UTC')
    into v_found using v_day;
    v_all := v_all || coalesce(v_found, '[]');
  end loop;
  return v_all;
end;
$$;

-- Looks at the next rows of one chain, those with the numbers after p_after, where p_before was the last hash:
-- {checked, seq, hash, first_bad, head: {seq, hash}}. first_bad is {seq, id, event_id, reason}; head is what the lane said at
-- the same moment. One call looks at up to p_limit rows, so that it stays far below the time that PostgREST gives a
-- statement.
create function public.verify_audit_chain(
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
      select jsonb_build_object('seq', r.chain_seq, 'id', r.id, 'event_id', r.event_id, 'reason', case
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

-- The hashes at some places of one chain: {"<seq>": hash}; a place without a row is left out.
create function public.audit_hashes(p_day date, p_lane integer, p_seqs bigint[]) returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_answer jsonb;
begin
  execute format($query$
    select coalesce(jsonb_object_agg(l.chain_seq, encode(l.hash, 'hex')), '{}')
    from public.actp_agent_audit_log l
    where l.created_at >= %L and l.created_at < %L and l.chain_lane = $1 and l.chain_seq = any ($2)
  $query$, p_day::timestamp at time zone 'UTC', (p_day + 1)::timestamp at time zone 'UTC')
  into v_answer using p_lane, p_seqs;
  return v_answer;
end;
$$;
