-- Every lane that has rows: [{day, lane, seq, hash}]; p_day for one day.
create or replace function public.audit_heads(p_day date default null) returns jsonb
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

comment on function public.audit_heads(date) is
  'Returns the last sequence number and hash of every lane that has rows.';

revoke all on function public.audit_heads(date) from public, anon, authenticated, service_role;
grant execute on function public.audit_heads(date) to actp_auditor;
