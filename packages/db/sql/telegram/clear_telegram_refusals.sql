-- Something went through, so these are not refused any more. Gives how many were.
create or replace function public.clear_telegram_refusals(p_chat_id text, p_what text[]) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.actp_telegram_refusals r where r.chat_id = p_chat_id and r.what = any (p_what);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function public.clear_telegram_refusals(text, text[]) is
  'Something went through: takes away refusals of these kinds in a chat; returns how many there were.';

revoke all on function public.clear_telegram_refusals(text, text[]) from public, anon, authenticated, service_role;
grant execute on function public.clear_telegram_refusals(text, text[]) to actp_bot;
