-- Telegram keeps an update for a day. After a week none comes again, and numbers may begin anew.
create or replace function public.forget_telegram_updates() returns integer
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

comment on function public.forget_telegram_updates() is
  'Deletes the ids of Telegram updates that are older than a week. Returns how many there were.';

revoke all on function public.forget_telegram_updates() from public, anon, authenticated, service_role;
grant execute on function public.forget_telegram_updates() to actp_bot;
