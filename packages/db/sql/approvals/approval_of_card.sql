create or replace function public.approval_of_card(p_chat_id text, p_message_id bigint) returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select c.approval_id from public.actp_approval_cards c
  where c.chat_id = p_chat_id and c.message_id = p_message_id
  limit 1;
$$;

comment on function public.approval_of_card(text, bigint) is
  'Returns the approval that a message shows, or null.';

revoke all on function public.approval_of_card(text, bigint) from public, anon, authenticated, service_role;
grant execute on function public.approval_of_card(text, bigint) to actp_bot;
