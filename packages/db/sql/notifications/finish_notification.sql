-- A revision of the message was delivered ('sent', with its Telegram message id) or went to the log ('logged').
create or replace function public.finish_notification(
  p_id uuid, p_state text, p_message_id bigint default null, p_revision integer default 0
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  if p_state not in ('sent', 'logged') then
    raise exception 'a notification ends as sent or logged' using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_notifications
  set state = p_state, message_id = coalesce(p_message_id, message_id), sent_at = coalesce(sent_at, clock_timestamp()),
      sent_revision = greatest(sent_revision, p_revision), attempts = attempts + 1, last_error = null
  where id = p_id and (state = 'pending' or sent_revision < p_revision);
  return found;
end;
$$;

comment on function public.finish_notification(uuid, text, bigint, integer) is
  'Records that a revision of a notification was sent to Telegram or written to the log.';

revoke all on function public.finish_notification(uuid, text, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.finish_notification(uuid, text, bigint, integer) to actp_bot;
