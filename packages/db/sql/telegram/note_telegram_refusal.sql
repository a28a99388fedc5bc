create or replace function public.note_telegram_refusal(p_chat_id text, p_what text, p_reason text) returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.actp_telegram_refusals as r (chat_id, what, reason)
  values (p_chat_id, p_what, left(p_reason, 200))
  on conflict (chat_id, what) do update set reason = excluded.reason, tried_at = clock_timestamp();
$$;

comment on function public.note_telegram_refusal(text, text, text) is
  'Notes that Telegram refuses edit, text, buttons or (with an empty chat id) token, and why.';

revoke all on function public.note_telegram_refusal(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.note_telegram_refusal(text, text, text) to actp_bot;
