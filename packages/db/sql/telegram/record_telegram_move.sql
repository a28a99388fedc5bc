-- A group has become a supergroup. Its cards are due again there, messages are no longer known by their old numbers, and
-- the operators are told once: gives the message to them.
create or replace function public.record_telegram_move(p_chat_id text, p_moved_to text, p_alerts boolean, p_body text) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_telegram_moves as m (chat_id, moved_to)
  values (p_chat_id, p_moved_to)
  on conflict (chat_id) do update set moved_to = excluded.moved_to, moved_at = clock_timestamp()
  where m.moved_to <> excluded.moved_to;
  if found then
    delete from public.actp_approval_cards c
    using public.actp_approval_queue a
    where a.id = c.approval_id and a.status = 'pending' and c.chat_id = p_chat_id;
    if p_alerts then
      update public.actp_notifications set message_id = null where message_id is not null;
    end if;
    delete from public.actp_telegram_refusals r where r.chat_id = p_chat_id;
  end if;
  return public.enqueue_notification('telegram-move:' || p_chat_id || ':' || p_moved_to, 'telegram.moved', p_body);
end;
$$;

comment on function public.record_telegram_move(text, text, boolean, text) is
  'Records that a group has become a supergroup; returns the id of the message about it to the operators.';

revoke all on function public.record_telegram_move(text, text, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.record_telegram_move(text, text, boolean, text) to actp_bot;
