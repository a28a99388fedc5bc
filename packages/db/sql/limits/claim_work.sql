-- The guard is about to answer allow under an Idempotency-Key. The same work is allowed once: later calls get {result: repeated,
-- grant_id, outcome}, and {result: asked} when people were asked about it under an earlier policy. The key is kept for 90 days.
create or replace function public.claim_work(
  p_agent text, p_action text, p_claims jsonb, p_key text, p_request_digest text
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  g public.actp_limit_grants;
  v_id uuid := gen_random_uuid();
  v_taken jsonb;
begin
  if p_agent is null or p_key is null or p_request_digest is null then
    raise exception 'work has an agent, a key and a digest' using errcode = 'invalid_parameter_value';
  end if;
  perform public.hold_work(p_agent, p_key);
  select * into g from public.actp_limit_grants l where l.agent = p_agent and l.idempotency_key = p_key;
  if found then
    if g.request_digest <> p_request_digest then
      return jsonb_build_object('result', 'idempotency_mismatch');
    end if;
    return jsonb_build_object('result', 'repeated', 'grant_id', g.id, 'outcome', g.outcome);
  end if;
  if exists (
    select from public.actp_approval_queue a where a.idempotency_scope = p_agent and a.idempotency_key = p_key)
  then
    return jsonb_build_object('result', 'asked');
  end if;
  v_taken := public.take_limits(v_id, p_agent, p_action, null, p_claims);
  update public.actp_limit_grants l
  set idempotency_key = p_key, request_digest = p_request_digest, keep_until = l.at + interval '90 days'
  where l.id = v_id;
  return v_taken;
end;
$$;

comment on function public.claim_work(text, text, jsonb, text, text) is
  'Counts a guard request that is about to be allowed against its limits, once for each idempotency key.';

revoke all on function public.claim_work(text, text, jsonb, text, text) from public, anon, authenticated, service_role;
grant execute on function public.claim_work(text, text, jsonb, text, text) to actp_gateway;
