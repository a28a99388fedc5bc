-- A card was sent: from now on this message, and no earlier copy, may decide. A process that was held up between sending a
-- card and recording it must not take the place of a newer card: messages are numbered within their chat.
create or replace function public.record_approval_card(
  p_id uuid, p_chat_id text, p_message_id bigint, p_version integer
) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  -- Waits for a change that is under way: its mark would miss a card that is just being recorded.
  select * into a from public.actp_approval_queue q where q.id = p_id for share;
  if not found then
    return;
  end if;
  insert into public.actp_approval_cards as c
    (approval_id, chat_id, message_id, shown_version, wanted_version, reminders)
  values (p_id, p_chat_id, p_message_id, p_version, a.version, public.reminders_due(a))
  on conflict (approval_id) do update
    set chat_id = excluded.chat_id, message_id = excluded.message_id, shown_version = excluded.shown_version,
        wanted_version = excluded.wanted_version, sent_at = clock_timestamp()
    where c.chat_id <> excluded.chat_id or c.message_id < excluded.message_id;
end;
$$;

comment on function public.record_approval_card(uuid, text, bigint, integer) is
  'Records the message that shows an approval. Only the newest card accepts a decision.';

revoke all on function public.record_approval_card(uuid, text, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.record_approval_card(uuid, text, bigint, integer) to actp_bot;
