-- Cards in chats that the settings no longer name: nobody can decide there, so another card is due elsewhere.
create or replace function public.forget_cards_elsewhere(p_chat_ids text[]) returns integer
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

comment on function public.forget_cards_elsewhere(text[]) is
  'Removes cards in chats that are no longer configured. Returns how many there were.';

revoke all on function public.forget_cards_elsewhere(text[]) from public, anon, authenticated, service_role;
grant execute on function public.forget_cards_elsewhere(text[]) to actp_bot;
