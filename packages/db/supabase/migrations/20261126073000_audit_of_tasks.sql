-- A user reads what happened to their tasks. Few rows are about a task, so the index is small.
create index actp_agent_audit_log_task on public.actp_agent_audit_log (task_id, created_at, id) where task_id is not null;
