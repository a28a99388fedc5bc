-- The kill switch: what an operator has stopped is denied, released and decided by nobody until an operator lifts it.
-- Scopes: all; agent:<id>; action:<name or glob>. Kept in one form, so that the same scope is the same text.
create table public.actp_kill_switches (
  id uuid primary key default gen_random_uuid(),
  scope text not null check (
    scope = 'all'
    or (scope like 'agent:%' and char_length(scope) between 7 and 134)
    or scope ~ '^action:[a-z0-9*][a-z0-9*._:/-]{0,127}$'),
  reason text not null check (char_length(reason) between 1 and 500),
  set_by text not null,
  set_at timestamptz not null default clock_timestamp(),
  lifted_by text,
  lift_reason text check (char_length(lift_reason) <= 500),
  lifted_at timestamptz,
  constraint lifted_by_someone check ((lifted_by is null) = (lifted_at is null))
);
create unique index actp_kill_switches_active on public.actp_kill_switches (scope) where lifted_at is null;
alter table public.actp_kill_switches enable row level security;
revoke all on public.actp_kill_switches from service_role;
grant select on public.actp_kill_switches to service_role;

-- Names as they are compared: compatibility characters folded, no space around, no case (of ASCII, whatever the locale).
-- packages/policy/src/kill-switch.ts does the same; a test holds them together.
create function public.normal_name(p_name text) returns text
language sql
immutable
set search_path = ''
as $$
  select lower(btrim(normalize(p_name, NFKC), E' \t\n\x0b\f\r\u1680\u2028\u2029\ufeff') collate "C");
$$;

-- Whether a scope covers a request. Who or what is not known, or has no normal form, counts as covered.
create function public.kill_switch_covers(p_scope text, p_agent text, p_action text) returns boolean
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_action text;
begin
  if p_scope = 'all' then
    return true;
  end if;
  if p_scope like 'agent:%' then
    return coalesce(public.normal_name(p_agent) = substr(p_scope, 7), true);
  end if;
  v_action := public.normal_name(p_action);
  if v_action is null or v_action !~ '^[a-z0-9]([a-z0-9._:/-]{0,126}[a-z0-9])?$' or strpos(v_action, '..') > 0 then
    return true;
  end if;
  return v_action like replace(replace(substr(p_scope, 8), '_', '\_'), '*', '%');
end;
$$;

-- Null when nothing stops this agent's action; else the oldest switch that does, as {scope, reason, since}. To be asked in
-- the transaction of every release, so that no process can get around it.
create function public.actp_kill_switch_blocks(p_agent text, p_action text) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('scope', k.scope, 'reason', k.reason, 'since', k.set_at)
  from public.actp_kill_switches k
  where k.lifted_at is null and public.kill_switch_covers(k.scope, p_agent, p_action)
  order by k.set_at, k.id
  limit 1;
$$;

-- Held by whoever releases or decides, from before it asks about switches until it commits: a switch that is set waits for
-- them, so that nothing is released after the operator has heard that it is set.
create function public.hold_kill_switch() returns void
language sql
set search_path = ''
as $$
  select pg_advisory_xact_lock_shared(hashtextextended('actp.kill_switch', 0));
$$;

create function public.kill_switch_json(k public.actp_kill_switches) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', k.id, 'scope', k.scope, 'reason', k.reason, 'since', k.set_at, 'set_by', k.set_by);
$$;

create function public.audit_kill_switch(
  p_action_type text, p_status text, p_actor text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, ip_address, user_agent, request_id, started_at, completed_at)
  values
    (left(p_actor, 128), p_action_type, p_status, p_facts, (p_context ->> 'ip')::inet,
     left(p_context ->> 'user_agent', 512), p_context ->> 'request_id', clock_timestamp(), clock_timestamp());
$$;

create function public.assert_person(p_actor text) returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if p_actor is null or char_length(p_actor) > 340 or p_actor !~ '^(telegram:[0-9]{1,20}|operator:[^@ ]+@[^@ ]+)$' then
    raise exception 'only a person does this' using errcode = 'invalid_parameter_value';
  end if;
end;
$$;

-- Stops a scope. Gives {result: set | known | too_many, switch, notification_id}; known: it was stopped before, and stays so
-- for the reason that was given then. p_actor is telegram:<user id> or operator:<email>.
create function public.set_kill_switch(p_scope text, p_reason text, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  k public.actp_kill_switches;
  v_reason text := left(actp_audit.redact_text(p_reason), 500);
  v_lock_timeout text := current_setting('lock_timeout');
  v_notification uuid;
begin
  perform public.assert_person(p_actor);
  begin
    -- What is being released now is done in a moment. What hangs must not keep the switch from being set.
    perform set_config('lock_timeout', '300ms', true);
    perform pg_advisory_xact_lock(hashtextextended('actp.kill_switch', 0));
    perform set_config('lock_timeout', v_lock_timeout, true);
  exception when lock_not_available then null;
  end;
  -- Every process reads all of them several times a second.
  if (select count(*) from public.actp_kill_switches s where s.lifted_at is null) >= 200
    and not exists (select from public.actp_kill_switches s where s.lifted_at is null and s.scope = p_scope)
  then
    return jsonb_build_object('result', 'too_many');
  end if;
  loop
    insert into public.actp_kill_switches (scope, reason, set_by) values (p_scope, v_reason, p_actor)
    on conflict (scope) where lifted_at is null do nothing
    returning * into k;
    if found then
      perform public.audit_kill_switch('security.kill_switch_set', 'ok', p_actor,
        jsonb_build_object('scope', k.scope, 'reason', k.reason), p_context);
      v_notification := public.enqueue_notification('kill-switch:' || k.id || ':set', 'kill_switch.set', concat_ws(E'\n',
        '🛑 STOPPED: ' || k.scope, 'Reason: ' || k.reason, 'By ' || p_actor,
        'What is in its scope is denied, and nothing in it is decided or released, until an operator lifts it (/resume).'));
      return jsonb_build_object('result', 'set', 'switch', public.kill_switch_json(k), 'notification_id', v_notification);
    end if;
    select * into k from public.actp_kill_switches s where s.scope = p_scope and s.lifted_at is null for share;
    -- Lifted in this very moment: then it is to be set.
    continue when not found;
    perform public.audit_kill_switch('security.kill_switch_set', 'ok', p_actor,
      jsonb_build_object('scope', k.scope, 'reason', v_reason, 'already_set', true), p_context);
    return jsonb_build_object('result', 'known', 'switch', public.kill_switch_json(k));
  end loop;
end;
$$;

-- Lifts a scope. Gives {result: lifted | not_found, switch, notification_id}. With p_id only that very switch, and none
-- that was set after it.
create function public.lift_kill_switch(p_scope text, p_id uuid, p_reason text, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  k public.actp_kill_switches;
  v_reason text := left(actp_audit.redact_text(p_reason), 500);
  v_notification uuid;
begin
  perform public.assert_person(p_actor);
  update public.actp_kill_switches s
  set lifted_by = p_actor, lift_reason = v_reason, lifted_at = clock_timestamp()
  where s.lifted_at is null and s.scope = p_scope and (p_id is null or s.id = p_id)
  returning * into k;
  if not found then
    perform public.audit_kill_switch('security.kill_switch_lifted', 'error', p_actor,
      jsonb_build_object('scope', p_scope, 'refused', 'not_found'), p_context);
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.audit_kill_switch('security.kill_switch_lifted', 'ok', p_actor,
    jsonb_build_object('scope', k.scope, 'reason', v_reason, 'set_by', k.set_by, 'set_at', k.set_at), p_context);
  v_notification := public.enqueue_notification('kill-switch:' || k.id || ':lifted', 'kill_switch.lifted', concat_ws(E'\n',
    '▶️ Lifted: ' || k.scope, 'Reason: ' || v_reason, 'By ' || p_actor || '; it was set by ' || k.set_by,
    'What has not expired goes on.'));
  return jsonb_build_object('result', 'lifted', 'switch', public.kill_switch_json(k), 'notification_id', v_notification);
end;
$$;

-- What is stopped now, newest first.
create function public.active_kill_switches() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.kill_switch_json(k) order by k.set_at desc, k.id desc), '[]')
  from public.actp_kill_switches k
  where k.lifted_at is null;
$$;
