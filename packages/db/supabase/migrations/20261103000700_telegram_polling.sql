-- When updates were last fetched. Telegram keeps them for a day and does not say when a button was pressed: after a time
-- in which nobody fetched, nobody knows how old they are.
create table public.actp_telegram_polling (
  singleton boolean primary key default true check (singleton),
  polled_at timestamptz not null
);
alter table public.actp_telegram_polling enable row level security;
revoke insert, update, delete, truncate on public.actp_telegram_polling from service_role;

-- Updates are being fetched now. True when nobody had fetched any for longer than p_gap_seconds, or ever.
create function public.note_telegram_poll(p_gap_seconds integer) returns boolean
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
