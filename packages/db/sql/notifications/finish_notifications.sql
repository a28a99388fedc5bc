-- One message of Telegram has told several: the first with its number, so that a change of its text is shown there, the
-- others as having gone into it.
create or replace function public.finish_notifications(
  p_id uuid, p_message_id bigint, p_revision integer, p_with uuid[], p_with_revisions integer[]
) returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform public.finish_notification(p_id, 'sent', p_message_id, p_revision);
  perform public.finish_notification(w.id, 'logged', null, w.revision)
  from unnest(p_with, p_with_revisions) as w (id, revision);
end;
$$;

comment on function public.finish_notifications(uuid, bigint, integer, uuid[], integer[]) is
  'Marks one notification as sent and the others as logged, since they went into its message.';

revoke all on function public.finish_notifications(uuid, bigint, integer, uuid[], integer[]) from public, anon, authenticated, service_role;
grant execute on function public.finish_notifications(uuid, bigint, integer, uuid[], integer[]) to actp_bot;
