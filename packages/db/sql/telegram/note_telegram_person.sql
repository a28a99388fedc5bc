create or replace function public.note_telegram_person(p_telegram_id bigint, p_name text) returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.actp_telegram_people as p (telegram_id, name)
  select p_telegram_id, left(p_name, 64) where p_name <> ''
  on conflict (telegram_id) do update set name = excluded.name, seen_at = excluded.seen_at
  where p.name is distinct from excluded.name;
$$;

comment on function public.note_telegram_person(bigint, text) is
  'Records what somebody is called in Telegram.';

revoke all on function public.note_telegram_person(bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.note_telegram_person(bigint, text) to actp_bot;
