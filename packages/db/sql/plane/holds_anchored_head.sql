-- Whether a chain's end that an anchor names is in the log: its row, or what was signed of its day when the day was dropped.
create or replace function actp_audit.holds_anchored_head(p_head jsonb) returns boolean
language sql
stable
set search_path = ''
as $$
  with head as (
    select (p_head ->> 'day')::date as day, (p_head ->> 'lane')::smallint as lane, (p_head ->> 'seq')::bigint as seq,
      p_head ->> 'hash' as hash)
  select exists (
      select from head h
      join public.actp_agent_audit_log l on l.chain_lane = h.lane and l.chain_seq = h.seq
        and l.created_at >= h.day::timestamp at time zone 'UTC' and l.created_at < (h.day + 1)::timestamp at time zone 'UTC'
      where encode(l.hash, 'hex') = h.hash)
    or exists (
      select from head h
      join actp_audit.checkpoints c on c.payload like '%"kind":"retired"%' || to_char(h.day, 'YYYY-MM-DD') || '%',
        jsonb_array_elements(c.payload::jsonb -> 'heads') r
      where c.payload::jsonb ->> 'day' = h.day::text and (r ->> 'lane')::smallint = h.lane
        and ((r ->> 'seq')::bigint > h.seq or ((r ->> 'seq')::bigint = h.seq and r ->> 'hash' = h.hash))
        and not exists (select from actp_audit.lanes l where l.day = h.day));
$$;

comment on function actp_audit.holds_anchored_head(jsonb) is
  'Returns true if the end of a chain that an anchor names is in the audit log.';

revoke all on function actp_audit.holds_anchored_head(jsonb) from public, anon, authenticated, service_role;
