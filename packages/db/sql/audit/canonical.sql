-- The hash chain. A row's hash is SHA-256 over the hash before it (32 bytes) and the row's canonical text (UTF-8): a JSON
-- array of every column in a fixed order, times in UTC to the microsecond; at its end, for each later column that is not null,
-- an object with its name, so that rows from before it are hashed as they were. docs/audit.md says how to check one by hand.
-- One expression, so that Postgres takes it into the query that calls it.
create or replace function actp_audit.canonical(r public.actp_agent_audit_log) returns text
language sql
stable
as $$
  select left(json_build_array(
    r.chain_lane, r.chain_seq, r.id, r.event_id, r.agent_id, r.action_type, r.status, r.result::text, r.error,
    r.started_at at time zone 'UTC', r.completed_at at time zone 'UTC', r.ip_address, r.user_agent, r.request_id,
    r.task_id, r.approval_id, r.created_at at time zone 'UTC')::text, -1)
    || case when r.source is null then '' else ', ' || json_build_object('source', r.source)::text end || ']'
$$;

comment on function actp_audit.canonical(public.actp_agent_audit_log) is
  'Returns the text of an audit row that is hashed.';

revoke all on function actp_audit.canonical(public.actp_agent_audit_log) from public, anon, authenticated, service_role;
