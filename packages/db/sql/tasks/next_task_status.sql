-- The life of a task as one table; packages/shared/src/tasks/state.ts is the same in code, and a test compares the two.
create or replace function public.next_task_status(p_status text, p_event text) returns text
language sql
immutable
set search_path = ''
as $$
  select t.next
  from (values
    ('queued', 'start', 'running'),
    ('queued', 'cancel', 'cancelled'),
    ('queued', 'fail', 'failed'),
    ('running', 'ask', 'awaiting_approval'),
    ('running', 'succeed', 'succeeded'),
    ('running', 'fail', 'failed'),
    ('running', 'reject', 'rejected'),
    ('running', 'cancel', 'cancelled'),
    ('awaiting_approval', 'resume', 'running'),
    ('awaiting_approval', 'reject', 'rejected'),
    ('awaiting_approval', 'fail', 'failed'),
    ('awaiting_approval', 'cancel', 'cancelled'),
    -- An effect that was unknown turns out to have happened.
    ('failed', 'happened', 'succeeded')
  ) as t (status, event, next)
  where t.status = p_status and t.event = p_event;
$$;

comment on function public.next_task_status(text, text) is
  'Returns the status of a task after an event, or null when the event is not allowed there.';

revoke all on function public.next_task_status(text, text) from public, anon, authenticated, service_role;
