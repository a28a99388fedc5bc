create or replace function public.note_greeting(p_chat_id text) returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.actp_telegram_greetings (chat_id) values (p_chat_id) on conflict do nothing;
$$;

comment on function public.note_greeting(text) is
  'Records that the bot has introduced itself in a chat.';

revoke all on function public.note_greeting(text) from public, anon, authenticated, service_role;
grant execute on function public.note_greeting(text) to actp_bot;
