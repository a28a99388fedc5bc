-- p_claims: [{counter, amount, max, seconds, over}]. Counts all of them, or none: then {result: over, over: [numbers of
-- those that are too much, from 0]}. What a person has approved is counted and let through, but for claims whose over is
-- deny.
create or replace function public.take_limits(
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

comment on function public.take_limits(uuid, text, text, uuid, jsonb) is
  'Counts a grant against all of its limits, or against none if one of them is exceeded.';

revoke all on function public.take_limits(uuid, text, text, uuid, jsonb) from public, anon, authenticated, service_role;
