-- For metrics: what is refused, and how much waits.
create or replace function public.telegram_state() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'refusals', coalesce((
      select jsonb_agg(jsonb_build_object('what', s.what, 'reason', s.reason, 'chats', s.chats))
      from (
        select r.what, r.reason, count(*) as chats from public.actp_telegram_refusals r group by r.what, r.reason
      ) s), '[]'),
    'alerts', (
      select count(*) from public.actp_notifications n where n.state = 'pending' or n.revision > n.sent_revision),
    'cards', (
      select count(*) from public.actp_approval_queue a
      where a.status = 'pending' and a.expires_at > clock_timestamp() and a.action_digest is not null
        and not exists (select from public.actp_approval_cards c where c.approval_id = a.id)));
$$;

comment on function public.telegram_state() is
  'Returns {refusals: [{what, reason, chats}], alerts, cards}: what Telegram refuses, and how much is not sent yet.';

revoke all on function public.telegram_state() from public, anon, authenticated, service_role;
grant execute on function public.telegram_state() to actp_gateway;
