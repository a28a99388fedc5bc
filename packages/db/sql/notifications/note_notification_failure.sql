create or replace function public.note_notification_failure(p_id uuid, p_error text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_notifications
  set attempts = attempts + 1, last_error = left(p_error, 1000)
  where id = p_id and (state = 'pending' or revision > sent_revision);
  return found;
end;
$$;

comment on function public.note_notification_failure(uuid, text) is
  'Counts a failed delivery attempt of a notification and stores its error.';

revoke all on function public.note_notification_failure(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.note_notification_failure(uuid, text) to actp_bot;
