-- The card shows this version now.
create or replace function public.record_card_shown(p_id uuid, p_version integer) returns void
language sql
security definer
set search_path = ''
as $$
  update public.actp_approval_cards
  set shown_version = greatest(shown_version, p_version)
  where approval_id = p_id;
$$;

comment on function public.record_card_shown(uuid, integer) is
  'Records which version of an approval its card shows.';

revoke all on function public.record_card_shown(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.record_card_shown(uuid, integer) to actp_bot;
