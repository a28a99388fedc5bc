-- Marks a change for those who wait; to be called with the row as it is after the change.
create or replace function public.note_approval_event(a public.actp_approval_queue, p_type text) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_approval_events (approval_id, version, type) values (a.id, a.version, p_type);
$$;

comment on function public.note_approval_event(public.actp_approval_queue, text) is
  'Appends the current state of an approval to its list of events.';

revoke all on function public.note_approval_event(public.actp_approval_queue, text) from public, anon, authenticated, service_role;
