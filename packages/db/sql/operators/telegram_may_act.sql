create or replace function public.telegram_may_act(p_telegram_id bigint) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select public.may_act('telegram:' || p_telegram_id, null);
$$;

comment on function public.telegram_may_act(bigint) is
  'Says whether a Telegram id may give commands, as far as the operator that it is linked to is concerned.';

revoke all on function public.telegram_may_act(bigint) from public, anon, authenticated, service_role;
grant execute on function public.telegram_may_act(bigint) to actp_bot;
