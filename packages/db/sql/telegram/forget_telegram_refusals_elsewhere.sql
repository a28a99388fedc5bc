-- Refusals of chats that the settings no longer name say nothing any more.
create or replace function public.forget_telegram_refusals_elsewhere(p_chat_ids text[]) returns void
language sql
security definer
set search_path = ''
as $$
  delete from public.actp_telegram_refusals r where r.chat_id <> '' and r.chat_id <> all (p_chat_ids);
$$;

comment on function public.forget_telegram_refusals_elsewhere(text[]) is
  'Takes away refusals of chats that are not in p_chat_ids.';

revoke all on function public.forget_telegram_refusals_elsewhere(text[]) from public, anon, authenticated, service_role;
grant execute on function public.forget_telegram_refusals_elsewhere(text[]) to actp_bot;
