-- The hashes at some places of one chain: {"<seq>": hash}; a place without a row is left out.
create or replace function public.audit_hashes(p_day date, p_lane integer, p_seqs bigint[]) returns jsonb
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

comment on function public.audit_hashes(date, integer, bigint[]) is
  'Returns the hashes at given positions of one chain.';

revoke all on function public.audit_hashes(date, integer, bigint[]) from public, anon, authenticated, service_role;
grant execute on function public.audit_hashes(date, integer, bigint[]) to actp_gateway, actp_auditor, actp_cli;
