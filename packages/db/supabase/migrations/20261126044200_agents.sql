-- Agents with keys of their own; who asked for an approval; which rows of the audit log are the plane's own. Decision 016.

create table public.actp_agents (
  id text primary key check (char_length(id) between 1 and 128),
  -- As names are compared: two agents must not look alike.
  name text not null unique,
  note text check (char_length(note) <= 500),
  -- Globs of action names; null: all.
  actions text[] check (cardinality(actions) between 1 and 100),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null,
  -- SHA-256 of a key of 256 random bits; null once deleted.
  key_hash bytea unique check (octet_length(key_hash) = 32),
  previous_key_hash bytea check (octet_length(previous_key_hash) = 32),
  previous_until timestamptz,
  rotated_at timestamptz,
  last_used_at timestamptz,
  -- The name stays taken: who holds another credential must not become a deleted agent.
  deleted_at timestamptz,
  constraint deleted_without_key check ((deleted_at is null) = (key_hash is not null))
);
alter table public.actp_agents enable row level security;
revoke all on public.actp_agents from public, anon, authenticated, service_role;
create index actp_agents_newest on public.actp_agents (created_at desc, id desc) where deleted_at is null;

-- One row: every change gives it another value, so that who has the list can ask whether it is current.
create table actp_access.agent_list (
  only_row boolean primary key default true check (only_row),
  version uuid not null default gen_random_uuid()
);
insert into actp_access.agent_list default values;
alter table actp_access.agent_list enable row level security;
revoke all on actp_access.agent_list from public, anon, authenticated, service_role;

-- Who asked, as authenticated; null for what was inserted directly, and for what is older than this column.
alter table public.actp_approval_queue
  add column asked_by text check (char_length(asked_by) between 1 and 128),
  add column source text check (source in ('plane', 'http', 'direct'));
-- What is still open belongs to whoever asked for it, as the audit log says: the name in requested_by may be another.
update public.actp_approval_queue q
set asked_by = coalesce(q.idempotency_scope, (
  select l.agent_id from public.actp_agent_audit_log l
  where l.action_type = 'approval.request' and l.approval_id = q.id and l.created_at = q.created_at
  limit 1))
where q.status = 'pending' or (q.status = 'approved' and q.lapsed_at is null and q.outcome is null);
-- Set afterwards: rows that are there keep null, rows that other programs insert get it without a right to set it.
alter table public.actp_approval_queue alter column source set default 'direct';
create index actp_approval_queue_asker on public.actp_approval_queue (coalesce(asked_by, requested_by), created_at desc, id desc);

alter table public.actp_agent_audit_log add column source text check (source in ('plane', 'http', 'direct'));
alter table public.actp_agent_audit_log alter column source set default 'direct';

insert into actp_audit.secret_marks (mark, kind, pattern) values
  ('actp_key_', 'actp-agent-key', '(^|[^A-Za-z0-9_-])actp_key_([0-9a-f]{64})(?![A-Za-z0-9])');

-- Their parameters have changed.
drop function if exists public.list_approvals(text, timestamptz, uuid, integer);
