-- Cards in chats that the settings no longer name: nobody can decide there, so another card is due elsewhere.
create function public.forget_cards_elsewhere(p_chat_ids text[]) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.actp_approval_cards c
  using public.actp_approval_queue a
  where a.id = c.approval_id and a.status = 'pending' and c.chat_id <> all (p_chat_ids);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

-- Telegram keeps an update for a day. After a week none comes again, and numbers may begin anew.
create function public.forget_telegram_updates() returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.actp_telegram_updates u where u.seen_at < clock_timestamp() - interval '7 days';
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
