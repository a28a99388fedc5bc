-- The families of packages/shared/src/audit/plane-names.ts; a test holds them together.
create or replace function actp_audit.is_plane_action(p_action_type text) returns boolean
language sql
immutable
as $$
  select split_part(lower(btrim(normalize(p_action_type, NFKC))), '.', 1) = any (array[
    'agent_key', 'approval', 'audit', 'auth', 'dashboard', 'finding', 'guard', 'heal', 'http', 'job', 'kill_switch', 'operator', 'plane',
    'policy', 'schedule', 'security', 'selftest', 'session', 'spend', 'tasks', 'telegram'])
$$;

comment on function actp_audit.is_plane_action(text) is
  'Returns true if an action type is one that only the plane itself writes.';

revoke all on function actp_audit.is_plane_action(text) from public, anon, authenticated, service_role;
