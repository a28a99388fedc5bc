-- One approval as a card shows it: what to show, as text so that no digit is lost, on which message, and what time it is.
create or replace function public.read_approval_card(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'approval', public.approval_json(a) - 'details',
    'details', a.details::text,
    'details_order', a.details_order,
    'outcome_result', case when a.outcome = 'failed' then a.outcome_result end,
    'chat_id', coalesce(c.chat_id, a.chat_id),
    'message_id', c.message_id,
    'reminders', c.reminders,
    'traceparent', a.traceparent,
    'now', clock_timestamp())
  from public.actp_approval_queue a
  left join public.actp_approval_cards c on c.approval_id = a.id
  where a.id = p_id;
$$;

comment on function public.read_approval_card(uuid) is
  'Returns what a card shows of an approval, and the message in Telegram that shows it now.';

revoke all on function public.read_approval_card(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_approval_card(uuid) to actp_bot, actp_gateway;
