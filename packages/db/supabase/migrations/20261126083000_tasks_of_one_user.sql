-- How many tasks of one user are being worked on, and which one of theirs comes next: neither is a walk through all that they ever asked for.
create index actp_tasks_held on public.actp_tasks (user_id) where holder is not null;
create index actp_tasks_queued on public.actp_tasks (user_id, created_at) where status = 'queued';
drop function if exists public.claim_task(uuid, text, integer);
