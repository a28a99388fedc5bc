-- Every row that does not come through write_audit_events: cleaned, given its place in the chain, and hashed.
create or replace function actp_audit.chain_row() returns trigger
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

comment on function actp_audit.chain_row() is
  'Trigger function that redacts an inserted audit row and appends it to a hash chain.';

revoke all on function actp_audit.chain_row() from public, anon, authenticated, service_role;
