-- A group that has become a supergroup is the same chat under another id.
create or replace function public.is_chat_greeted(p_chat_id text) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select from public.actp_telegram_greetings g where g.chat_id = p_chat_id)
    or exists (
      select from public.actp_telegram_moves m
      join public.actp_telegram_greetings g on g.chat_id = m.chat_id
      where m.moved_to = p_chat_id);
$$;

comment on function public.is_chat_greeted(text) is
  'Says whether the bot has introduced itself in a chat.';

revoke all on function public.is_chat_greeted(text) from public, anon, authenticated, service_role;
grant execute on function public.is_chat_greeted(text) to actp_bot;
