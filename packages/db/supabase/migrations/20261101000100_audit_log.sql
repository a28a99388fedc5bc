-- Who did what, when, from where. Other services insert straight through PostgREST; nobody updates or deletes.
create table public.actp_agent_audit_log (
  id bigint generated always as identity primary key,
  event_id uuid not null default gen_random_uuid() unique,
  agent_id text not null check (char_length(agent_id) between 1 and 128),
  action_type text not null check (char_length(action_type) between 1 and 128),
  status text not null check (char_length(status) between 1 and 64),
  result jsonb,
  error text,
  started_at timestamptz,
  completed_at timestamptz,
  ip_address inet,
  user_agent text,
  request_id text,
  task_id uuid,
  approval_id uuid,
  created_at timestamptz not null default now()
);

create index actp_agent_audit_log_newest on public.actp_agent_audit_log (created_at desc, id desc);

alter table public.actp_agent_audit_log enable row level security;

create function public.refuse_audit_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end;
$$;

create trigger actp_agent_audit_log_append_only
  before update or delete on public.actp_agent_audit_log
  for each row execute function public.refuse_audit_change();

create trigger actp_agent_audit_log_no_truncate
  before truncate on public.actp_agent_audit_log
  for each statement execute function public.refuse_audit_change();

revoke update, delete, truncate on public.actp_agent_audit_log from service_role;
