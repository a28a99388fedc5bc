-- The hash chain. A row's hash is SHA-256 over the hash before it (32 bytes) and the row's canonical text (UTF-8): a JSON
-- array of every column in a fixed order, times in UTC to the microsecond. docs/audit.md says how to check one by hand.
create function actp_audit.canonical(r public.actp_agent_audit_log) returns text
language sql
stable
as $$
  select json_build_array(
    r.chain_lane, r.chain_seq, r.id, r.event_id, r.agent_id, r.action_type, r.status, r.result::text, r.error,
    r.started_at at time zone 'UTC', r.completed_at at time zone 'UTC', r.ip_address, r.user_agent, r.request_id,
    r.task_id, r.approval_id, r.created_at at time zone 'UTC')::text
$$;

create function actp_audit.link(p_before bytea, p_canonical text) returns bytea
language plpgsql
immutable parallel safe
as $$ begin return sha256(p_before || convert_to(p_canonical, 'UTF8')); end $$;

-- The hashes of rows one after the other, as a window function; the first argument is the hash before the first row.
create function actp_audit.link_next(p_state bytea, p_first bytea, p_canonical text) returns bytea
language plpgsql
immutable parallel safe
as $$ begin return sha256(coalesce(p_state, p_first) || convert_to(p_canonical, 'UTF8')); end $$;
create aggregate actp_audit.chain(bytea, text) (sfunc = actp_audit.link_next, stype = bytea);

-- The lane that this transaction writes to on a day, locked until its end. The first free one: as long as there are more
-- lanes than writers, nobody waits, and so nobody can wait in a circle.
create function actp_audit.take_lane(p_day date) returns actp_audit.lanes
language plpgsql
set search_path = ''
as $$
declare
  v_mine text := p_day || ':';
  v_taken text := current_setting('actp.audit_lane', true);
  v_lane actp_audit.lanes;
begin
  if left(v_taken, char_length(v_mine)) = v_mine then
    select * into strict v_lane from actp_audit.lanes l
    where l.day = p_day and l.lane = substr(v_taken, char_length(v_mine) + 1)::smallint for update;
    return v_lane;
  end if;
  select * into v_lane from actp_audit.lanes l
  where l.day = p_day order by l.lane limit 1 for update skip locked;
  if not found then
    insert into actp_audit.lanes (day, lane)
    select p_day, n from generate_series(0, actp_audit.lane_count() - 1) n
    on conflict do nothing;
    select * into strict v_lane from actp_audit.lanes l
    where l.day = p_day and l.lane = pg_backend_pid() % actp_audit.lane_count() for update;
  end if;
  perform set_config('actp.audit_lane', v_mine || v_lane.lane, true);
  return v_lane;
end;
$$;

-- Secrets by their own form. Rows of our own services were redacted before they came; this is for those that other
-- programs insert directly. Every pattern is bounded, or cannot begin twice in the same run of characters.
create function actp_audit.may_hold_secret(p_text text) returns boolean
language sql
immutable
as $$
  select p_text ~*
    '(-----BEGIN|://[^/]*@|\d:[\w-]{30}|eyJ|sk-|[srp]k_(live|test)_|whsec_|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|AKIA|ASIA|AIza|ya29\.|npm_|gsk_|SG\.|sb[p_]|hf_|bearer|basic|cookie|passw|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|role[_-]?key|authorization|credential)'
$$;

create function actp_audit.redact_text(p_text text) returns text
language plpgsql
immutable
as $$
begin
  if p_text is null or not actp_audit.may_hold_secret(p_text) then
    return p_text;
  end if;
  p_text := regexp_replace(p_text,
    '-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[^-]*(-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----)?', '[redacted:private-key]', 'g');
  p_text := regexp_replace(p_text, '(://[^\s:/?#@"''<>]*:)[^\s/?#"''<>@]+(?=@)', '\1[redacted:url-password]', 'g');
  p_text := regexp_replace(p_text, '(^|[^0-9])[0-9]{6,12}:[A-Za-z0-9_-]{30,60}(?![A-Za-z0-9_-])', '\1[redacted:telegram-token]', 'g');
  p_text := regexp_replace(p_text, '(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)*', '\1[redacted:jwt]', 'g');
  p_text := regexp_replace(p_text,
    '(^|[^A-Za-z0-9_-])(sk-|[srp]k_(live|test)_|whsec_|gh[pousr]_|github_pat_|gl(pat|ptt|dt|rt)-|xox[abeoprs]-|xapp-|AIza|ya29\.|npm_|gsk_|SG\.|sb(p|_secret|_publishable)_|hf_)[A-Za-z0-9_./+=-]{16,}',
    '\1[redacted:key]', 'g');
  p_text := regexp_replace(p_text, '(^|[^A-Za-z0-9_-])(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])', '\1[redacted:aws-key-id]', 'g');
  p_text := regexp_replace(p_text, '(\m(bearer|basic)\s{1,3})(?!\[redacted)[A-Za-z0-9._~+/=-]{8,}', '\1[redacted:bearer]', 'gi');
  p_text := regexp_replace(p_text, '(\m(set-)?cookie:\s{0,3})(?!\[redacted)[^\r\n]+', '\1[redacted:cookie]', 'gi');
  return regexp_replace(p_text,
    '((passw(or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|role[_-]?key|authorization|credentials?)([_-]?(key|id|value|hash|previous|secret|token)){0,2}\\?["'']?\s{0,3}(=>|:=|[=:])\s{0,3}\\?["'']?)(?!\[redacted|true|false|null|none|required|missing|invalid|expired|wrong|empty|unset|bearer|basic|[0-9]{1,12}($|[^0-9A-Za-z]))[^\s"'',;&<>(){}[\]]{4,}',
    '\1[redacted]', 'gi');
end;
$$;

create function actp_audit.redact_json(p_value jsonb, p_depth integer default 0) returns jsonb
language plpgsql
immutable
as $$
begin
  if p_depth > 32 then
    return '"[cut]"';
  end if;
  case jsonb_typeof(p_value)
    when 'string' then
      return to_jsonb(actp_audit.redact_text(p_value #>> '{}'));
    when 'array' then
      return coalesce((
        select jsonb_agg(actp_audit.redact_json(e.value, p_depth + 1) order by e.n)
        from jsonb_array_elements(p_value) with ordinality as e (value, n)), '[]');
    when 'object' then
      return coalesce((
        select jsonb_object_agg(actp_audit.redact_text(e.key), case
          when jsonb_typeof(e.value) = 'string' and e.value <> '""' and e.key ~*
            '(passw(or)?d|passphrase|secret|(^|[_-]|[a-z])token$|api[_-]?key|access[_-]?key|private[_-]?key|service[_-]?role[_-]?key|authorization|^cookie$|set-cookie|credential)'
          then to_jsonb('[redacted]'::text)
          else actp_audit.redact_json(e.value, p_depth + 1) end)
        from jsonb_each(p_value) as e), '{}');
    else
      return p_value;
  end case;
end;
$$;

-- Where a row comes from when its writer does not say: the request that PostgREST serves.
create function actp_audit.request_header(p_name text) returns text
language sql
stable
as $$
  select nullif(current_setting('request.headers', true), '')::json ->> p_name
$$;

create function actp_audit.request_address() returns inet
language plpgsql
stable
as $$
begin
  return coalesce(
    trim(split_part(actp_audit.request_header('x-forwarded-for'), ',', 1))::inet,
    host(inet_client_addr())::inet, '127.0.0.1'::inet);
exception when invalid_text_representation then
  return coalesce(host(inet_client_addr())::inet, '127.0.0.1'::inet);
end;
$$;

-- Every row that does not come through write_audit_events: cleaned, given its place in the chain, and hashed.
create function actp_audit.chain_row() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_day date := (new.created_at at time zone 'UTC')::date;
  v_lane actp_audit.lanes;
begin
  if octet_length(new.result::text) > 131072 then
    raise exception 'result is larger than 128 KiB' using errcode = 'check_violation';
  end if;
  new.user_agent :=
    left(coalesce(nullif(new.user_agent, ''), nullif(actp_audit.request_header('user-agent'), ''), 'actp-worker'), 512);
  new.ip_address := coalesce(new.ip_address, actp_audit.request_address());
  -- One look for nearly all rows.
  if actp_audit.may_hold_secret(concat_ws(E'\n', new.agent_id, new.action_type, new.status, new.error, new.user_agent,
    new.request_id, new.result)) then
    new.agent_id := actp_audit.redact_text(new.agent_id);
    new.action_type := actp_audit.redact_text(new.action_type);
    new.status := actp_audit.redact_text(new.status);
    new.error := actp_audit.redact_text(new.error);
    new.user_agent := actp_audit.redact_text(new.user_agent);
    new.request_id := actp_audit.redact_text(new.request_id);
    new.result := actp_audit.redact_json(new.result);
  end if;

  insert into actp_audit.event_ids (event_id, day) values (new.event_id, v_day);
  v_lane := actp_audit.take_lane(v_day);
  new.chain_lane := v_lane.lane;
  new.chain_seq := v_lane.seq + 1;
  new.prev_hash := v_lane.hash;
  new.hash := actp_audit.link(v_lane.hash, actp_audit.canonical(new));
  update actp_audit.lanes l set seq = new.chain_seq, hash = new.hash where l.day = v_lane.day and l.lane = v_lane.lane;
  return new;
end;
$$;

create trigger actp_agent_audit_log_chain
  before insert on public.actp_agent_audit_log
  for each row when (new.hash is null) execute function actp_audit.chain_row();

-- Writes events of our own services, redacted before: [{event_id, agent_id, action_type, status, ...}], up to 500. An
-- event_id that was seen before is skipped, so that writing again is harmless. Gives {written, known}.
--
-- A column that service_role may not set says that the chain was computed here, for all rows at once: a trigger call for
-- each row would take longer than all the rest (docs/decisions).
create function public.write_audit_events(p_events jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_day date := (now() at time zone 'UTC')::date;
  v_lane actp_audit.lanes;
  v_written integer;
  v_seq bigint;
  v_hash bytea;
  v_ip inet;
  v_user_agent text;
begin
  if jsonb_typeof(p_events) is distinct from 'array' or jsonb_array_length(p_events) > 500 then
    raise exception 'up to 500 events at a time' using errcode = 'invalid_parameter_value';
  end if;
  v_ip := actp_audit.request_address();
  v_user_agent := left(coalesce(nullif(actp_audit.request_header('user-agent'), ''), 'actp-worker'), 512);
  v_lane := actp_audit.take_lane(v_day);

  with given as materialized (
    select e.* from rows from (jsonb_to_recordset(p_events) as (
      event_id uuid, agent_id text, action_type text, status text, result jsonb, error text, started_at timestamptz,
      completed_at timestamptz, ip_address inet, user_agent text, request_id text, task_id uuid, approval_id uuid
    )) with ordinality as e (
      event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent, request_id,
      task_id, approval_id, n)
  ), fresh as materialized (
    insert into actp_audit.event_ids (event_id, day)
    -- In one order for all, so that two that write the same ids cannot wait for each other.
    select distinct g.event_id, v_day from given g order by g.event_id
    on conflict do nothing
    returning event_id
  ), numbered as materialized (
    select first.*, v_lane.seq + row_number() over (order by first.n) as seq, nextval('actp_audit.audit_ids') as id
    from (select distinct on (g.event_id) g.* from given g join fresh f using (event_id) order by g.event_id, g.n) first
    order by first.n
  ), complete as (
    select row(
      r.id, r.event_id, r.agent_id, r.action_type, r.status, nullif(r.result, 'null'), r.error, r.started_at, r.completed_at,
      coalesce(r.ip_address, v_ip), coalesce(nullif(r.user_agent, ''), v_user_agent), r.request_id, r.task_id,
      r.approval_id, now(), v_lane.lane, r.seq, null, null)::public.actp_agent_audit_log as a
    from numbered r
  ), hashed as materialized (
    select (c.a).*, actp_audit.chain(v_lane.hash, actp_audit.canonical(c.a)) over (order by (c.a).chain_seq) as h
    from complete c
  ), inserted as (
    insert into public.actp_agent_audit_log
    select x.id, x.event_id, x.agent_id, x.action_type, x.status, x.result, x.error, x.started_at, x.completed_at,
      x.ip_address, x.user_agent, x.request_id, x.task_id, x.approval_id, x.created_at, x.chain_lane, x.chain_seq,
      lag(x.h, 1, v_lane.hash) over (order by x.chain_seq), x.h
    from hashed x
  )
  select count(*), max(x.chain_seq), (array_agg(x.h order by x.chain_seq desc))[1]
  into v_written, v_seq, v_hash
  from hashed x;

  if v_written > 0 then
    update actp_audit.lanes l set seq = v_seq, hash = v_hash where l.day = v_day and l.lane = v_lane.lane;
  end if;
  return jsonb_build_object('written', v_written, 'known', jsonb_array_length(p_events) - v_written);
end;
$$;

-- What was recorded before: in its order, at its time, in the first lane of its day.
do $$
declare
  v_day date;
begin
  for v_day in select distinct (o.created_at at time zone 'UTC')::date from actp_audit.old_audit_log o order by 1 loop
    insert into public.actp_agent_audit_log
      (id, event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent,
       request_id, task_id, approval_id, created_at)
    select o.id, o.event_id, o.agent_id, o.action_type, o.status, o.result, o.error, o.started_at, o.completed_at,
      o.ip_address, left(o.user_agent, 512), left(o.request_id, 128), o.task_id, o.approval_id, o.created_at
    from actp_audit.old_audit_log o
    where (o.created_at at time zone 'UTC')::date = v_day
    order by o.id;
  end loop;
  perform setval('actp_audit.audit_ids', coalesce((select max(o.id) from actp_audit.old_audit_log o), 0) + 1);
end $$;
drop table actp_audit.old_audit_log;
