-- That something is pending is no news to who asked.
create or replace function public.note_approval_callback() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into public.actp_approval_callbacks (approval_id, version, type, at)
  select new.approval_id, new.version, new.type, new.at
  from public.actp_approval_queue a
  where a.id = new.approval_id and a.callback_url is not null;
  return null;
end;
$$;

comment on function public.note_approval_callback() is
  'Trigger function that queues a callback to the requester for each event of an approval that has a callback URL.';

revoke all on function public.note_approval_callback() from public, anon, authenticated, service_role;
