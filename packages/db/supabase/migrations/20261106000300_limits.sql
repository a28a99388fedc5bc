-- Cumulative limits. What a policy's limit counts is counted here, in the transaction of the allowance: each counter is a list
-- of uses, and a use is out of it exactly its window later. Buckets of fixed times would let twice the limit through around
-- their edge; a list cannot. One advisory lock a counter makes the question and the entry one step.
create table public.actp_limit_grants (
  -- What the guard answered as grant_id, or the grant of an approval.
  id uuid primary key,
  agent text not null,
  action text not null,
  approval_id uuid references public.actp_approval_queue (id),
  at timestamptz not null,
  keep_until timestamptz not null,
  outcome text check (outcome in ('succeeded', 'failed')),
  -- It failed before it had any effect: its uses were given back.
  before_effect boolean,
  constraint before_effect_of_an_outcome check ((outcome is null) = (before_effect is null))
);
create index actp_limit_grants_kept on public.actp_limit_grants (keep_until);
alter table public.actp_limit_grants enable row level security;
revoke all on public.actp_limit_grants from service_role;

create table public.actp_limit_uses (
  grant_id uuid not null references public.actp_limit_grants (id) on delete cascade,
  counter text not null check (char_length(counter) between 1 and 400),
  -- Whole millionths.
  amount numeric(30, 0) not null check (amount >= 0),
  at timestamptz not null,
  primary key (grant_id, counter)
);
create index actp_limit_uses_sum on public.actp_limit_uses (counter, at) include (amount);
alter table public.actp_limit_uses enable row level security;
revoke all on public.actp_limit_uses from service_role;

-- p_claims: [{counter, amount, max, seconds, over}]. Counts all of them, or none: then {result: over, over: [numbers of
-- those that are too much, from 0]}. What a person has approved is counted and let through, but for claims whose over is
-- deny.
create function public.take_limits(
  p_grant_id uuid, p_agent text, p_action text, p_approval_id uuid, p_claims jsonb
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_lock bigint;
  v_now timestamptz;
  v_over jsonb;
begin
  if jsonb_typeof(p_claims) is distinct from 'array' or exists (
    select from jsonb_to_recordset(p_claims) as c (counter text, amount numeric, max numeric, seconds integer, over text)
    where (c.amount >= 0 and c.amount < 'Infinity' and c.max >= 0 and c.max < 'Infinity' and c.seconds between 1 and 2678400
      and c.counter is not null and c.over in ('deny', 'require_approval')) is not true)
  then
    raise exception 'this is no claim of a limit' using errcode = 'invalid_parameter_value';
  end if;
  -- In one order for all, so that two that want the same ones cannot wait for each other.
  for v_lock in
    select distinct hashtextextended('actp.limit:' || (c ->> 'counter'), 0) from jsonb_array_elements(p_claims) c order by 1
  loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
  v_now := clock_timestamp();
  select jsonb_agg(c.n - 1 order by c.n) into v_over
  from rows from (jsonb_to_recordset(p_claims) as (
    counter text, amount numeric, max numeric, seconds integer, over text
  )) with ordinality as c (counter, amount, max, seconds, over, n)
  where (p_approval_id is null or c.over = 'deny')
    and c.amount + coalesce((
      select sum(u.amount) from public.actp_limit_uses u
      where u.counter = c.counter and u.at > v_now - make_interval(secs => c.seconds)), 0) > c.max;
  if v_over is not null then
    return jsonb_build_object('result', 'over', 'over', v_over);
  end if;

  insert into public.actp_limit_grants (id, agent, action, approval_id, at, keep_until)
  select p_grant_id, p_agent, p_action, p_approval_id, v_now,
    -- A day at least, so that an outcome finds it.
    v_now + make_interval(secs => greatest(86400, max(c.seconds)))
  from jsonb_to_recordset(p_claims) as c (seconds integer);
  -- Several gates may hold the same counter against different limits: it is counted once.
  insert into public.actp_limit_uses (grant_id, counter, amount, at)
  select p_grant_id, c.counter, max(c.amount), v_now
  from jsonb_to_recordset(p_claims) as c (counter text, amount numeric)
  group by c.counter;
  return jsonb_build_object('result', 'taken', 'grant_id', p_grant_id);
end;
$$;

-- The guard is about to answer allow.
create function public.claim_limits(p_agent text, p_action text, p_claims jsonb) returns jsonb
language sql
security definer
set search_path = ''
as $$
  select public.take_limits(gen_random_uuid(), p_agent, p_action, null, p_claims);
$$;

-- What became of something that the guard allowed and counted; the same report again is the same answer. Failed before it had
-- any effect: it is counted no more.
create function public.record_guard_outcome(
  p_grant_id uuid, p_outcome text, p_before_effect boolean, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  g public.actp_limit_grants;
begin
  if p_outcome is null or p_outcome not in ('succeeded', 'failed')
    or p_before_effect is null or (p_before_effect and p_outcome <> 'failed')
  then
    raise exception 'an outcome is succeeded, failed, or failed before any effect' using errcode = 'invalid_parameter_value';
  end if;
  select * into g from public.actp_limit_grants l where l.id = p_grant_id and l.approval_id is null for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if g.outcome is not null then
    return jsonb_build_object('result', case
      when g.outcome = p_outcome and g.before_effect = p_before_effect then 'recorded' else 'already_recorded' end);
  end if;
  update public.actp_limit_grants l set outcome = p_outcome, before_effect = p_before_effect where l.id = p_grant_id;
  if p_before_effect then
    delete from public.actp_limit_uses u where u.grant_id = p_grant_id;
  end if;
  perform public.audit_kill_switch('guard.outcome', case when p_outcome = 'succeeded' then 'ok' else 'error' end,
    coalesce(p_context ->> 'agent_id', 'worker'),
    jsonb_build_object('grant_id', p_grant_id, 'action', g.action, 'allowed_to', g.agent, 'outcome', p_outcome,
      'before_effect', p_before_effect), p_context);
  return jsonb_build_object('result', 'recorded');
end;
$$;

-- Uses that are in no window any more.
create function public.forget_limit_uses(p_limit integer) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.actp_limit_grants g
  where g.id in (
    select old.id from public.actp_limit_grants old where old.keep_until < clock_timestamp()
    order by old.keep_until limit p_limit for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

alter table public.actp_approval_queue add column outcome_before_effect boolean not null default false;

-- A refusal that says that a policy was violated, beside the event of the approval.
create function public.note_violation(
  p_rule text, p_agent text, p_action text, p_attempt text, p_block jsonb, p_approval_id uuid, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, approval_id, ip_address, user_agent, request_id, started_at, completed_at)
  values
    (left(p_agent, 128), 'security.policy_violation', 'denied',
     jsonb_strip_nulls(jsonb_build_object(
       'rule', p_rule, 'action', p_action, 'attempt', p_attempt, 'scope', p_block -> 'scope')),
     p_approval_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp());
$$;

-- As before, and p_limits (see take_limits) is counted in the same transaction. What a person has approved is over no limit
-- but one whose gate says deny.
drop function public.redeem_approval(uuid, text, jsonb);
create function public.redeem_approval(
  p_id uuid, p_payload_digest text, p_context jsonb, p_limits jsonb default null
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_refusal text;
  v_block jsonb;
  v_grant_id uuid := gen_random_uuid();
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.hold_kill_switch();
  v_now := clock_timestamp();
  v_block := coalesce(
    public.actp_kill_switch_blocks(v_agent, a.action), public.actp_kill_switch_blocks(a.requested_by, a.action));
  v_refusal := case
    when a.payload_digest is null or a.payload_digest is distinct from p_payload_digest then 'digest_mismatch'
    when a.status = 'expired' or (a.status = 'pending' and a.expires_at <= v_now) then 'expired'
    when a.status <> 'approved' then 'not_approved'
    when a.redeemed_at is not null then 'already_redeemed'
    when a.lapsed_at is not null or a.decided_at + make_interval(secs => a.grant_seconds) <= v_now then 'lapsed'
    when v_block is not null then 'kill_switch'
  end;
  if v_refusal is null and jsonb_array_length(coalesce(p_limits, '[]')) > 0 then
    if public.take_limits(v_grant_id, v_agent, a.action, a.id, p_limits) ->> 'result' = 'over' then
      v_refusal := 'limit_reached';
    end if;
  end if;
  if v_refusal is not null then
    perform public.audit_approval(a, 'approval.redeem', 'denied', v_agent,
      jsonb_build_object('refused', v_refusal), p_context);
    if v_refusal in ('kill_switch', 'limit_reached') then
      perform public.note_violation(v_refusal, v_agent, a.action, 'approval.redeem', v_block, a.id, p_context);
    end if;
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  update public.actp_approval_queue q
  set grant_id = v_grant_id, redeemed_at = v_now, redeemed_by = v_agent, version = q.version + 1
  where q.id = p_id and q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null
  returning q.* into strict a;
  perform public.note_approval_event(a, 'redeemed');
  perform public.audit_approval(a, 'approval.redeem', 'ok', v_agent, jsonb_build_object('grant_id', a.grant_id), p_context);
  return jsonb_build_object('result', 'redeemed', 'grant_id', a.grant_id, 'redeemed_at', a.redeemed_at);
end;
$$;

-- As before, and p_before_effect gives back what was counted.
drop function public.record_outcome(uuid, text, jsonb, jsonb);
create function public.record_outcome(
  p_id uuid, p_outcome text, p_result jsonb, p_context jsonb, p_before_effect boolean default false
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  if p_outcome is null or p_outcome not in ('succeeded', 'failed')
    or p_before_effect is null or (p_before_effect and p_outcome <> 'failed')
  then
    raise exception 'an outcome is succeeded, failed, or failed before any effect' using errcode = 'invalid_parameter_value';
  end if;
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if a.redeemed_at is null then
    return jsonb_build_object('result', 'not_redeemed', 'approval', public.approval_json(a));
  end if;
  if a.outcome is not null then
    return jsonb_build_object(
      'result', case
        when a.outcome = p_outcome and a.outcome_before_effect = p_before_effect then 'recorded'
        else 'already_recorded' end,
      'approval', public.approval_json(a));
  end if;
  update public.actp_approval_queue q
  set outcome = p_outcome, outcome_at = clock_timestamp(), outcome_result = p_result,
    outcome_before_effect = p_before_effect, version = q.version + 1
  where q.id = p_id
  returning q.* into strict a;
  if p_before_effect then
    delete from public.actp_limit_uses u where u.grant_id = a.grant_id;
  end if;
  perform public.note_approval_event(a, p_outcome);
  perform public.audit_approval(a, 'approval.outcome', case when p_outcome = 'succeeded' then 'ok' else 'error' end,
    v_agent, jsonb_build_object('outcome', p_outcome, 'result', p_result)
      || case when p_before_effect then '{"before_effect": true}'::jsonb else '{}' end, p_context);
  return jsonb_build_object('result', 'recorded', 'approval', public.approval_json(a));
end;
$$;
