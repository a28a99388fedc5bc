-- Updates are being fetched now. True when nobody had fetched any for longer than p_gap_seconds, or ever.
create or replace function public.note_telegram_poll(p_gap_seconds integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_before timestamptz;
begin
  select p.polled_at into v_before from public.actp_telegram_polling p for update;
  insert into public.actp_telegram_polling (polled_at) values (clock_timestamp())
  on conflict (singleton) do update set polled_at = excluded.polled_at;
  return v_before is null or v_before < clock_timestamp() - make_interval(secs => p_gap_seconds);
end;
$$;

comment on function public.note_telegram_poll(integer) is
  'Records that Telegram updates are being fetched. Returns true after a longer gap, or the first time.';

revoke all on function public.note_telegram_poll(integer) from public, anon, authenticated, service_role;
grant execute on function public.note_telegram_poll(integer) to actp_bot;
