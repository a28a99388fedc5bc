-- What ended in the last day is counted for metrics.
create index actp_tasks_ended on public.actp_tasks (ended_at) where ended_at is not null;
