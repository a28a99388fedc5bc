-- Gives [{id, kind}], kind being adopt (inserted by another program, no digest yet), deliver (nobody was asked yet),
-- edit (the card shows an older state) or remind. Oldest first. p_without_chats holds chats and, as 'kind:chat', what
-- cannot be done in a chat just now: one that takes no cards may take changes of cards.
--
-- The plan does not depend on how many approvals and cards there ever were: from the few that wait, one look at each card (a
-- lateral join with a limit cannot become a scan of all cards). Compiling it would take longer than running it.
create or replace function public.due_approval_work(
  p_default_chat_id text, p_without_chats text[], p_without_ids uuid[], p_limit integer
) returns jsonb
language sql
stable
security definer
set search_path = ''
set jit = off
as $$
  with edits as materialized (
    select c.approval_id as id, c.chat_id, c.sent_at as since
    from public.actp_approval_cards c
    where c.shown_version < c.wanted_version
      and c.chat_id <> all (p_without_chats) and 'edit:' || c.chat_id <> all (p_without_chats)
      and c.approval_id <> all (p_without_ids)
    order by c.sent_at
    limit p_limit
  ), waiting as materialized (
    select a.id, coalesce(a.chat_id, p_default_chat_id) as wanted_chat_id, a.created_at,
      case
        when clock_timestamp() >= a.created_at + (a.expires_at - a.created_at) * 0.75 then 2
        when clock_timestamp() >= a.created_at + (a.expires_at - a.created_at) * 0.5 then 1
        else 0 end as reminders_due
    from public.actp_approval_queue a
    where a.status = 'pending' and a.expires_at > clock_timestamp() and a.action_digest is not null
      and a.id <> all (p_without_ids)
  ), work as (
    select 1 as urgency, 'edit' as kind, edits.id, edits.chat_id, edits.since from edits
    union all
    select case when card.chat_id is null then 2 else 3 end,
      case when card.chat_id is null then 'deliver' else 'remind' end,
      waiting.id, coalesce(card.chat_id, waiting.wanted_chat_id), waiting.created_at
    from waiting
    left join lateral (
      select c.chat_id, c.reminders from public.actp_approval_cards c where c.approval_id = waiting.id limit 1
    ) card on true
    where card.chat_id is null or card.reminders < waiting.reminders_due
  )
  select coalesce(jsonb_agg(
    jsonb_build_object('id', due.id, 'kind', due.kind, 'chat_id', due.chat_id) order by due.urgency, due.since), '[]')
  from (
    select * from work
    where work.chat_id is not null and work.chat_id <> all (p_without_chats)
      and work.kind || ':' || work.chat_id <> all (p_without_chats)
    order by work.urgency, work.since
    limit p_limit
  ) due;
$$;

comment on function public.due_approval_work(text, text[], uuid[], integer) is
  'Lists approvals that need something from the bot: adoption, a new card, an edited card or a reminder.';

revoke all on function public.due_approval_work(text, text[], uuid[], integer) from public, anon, authenticated, service_role;
grant execute on function public.due_approval_work(text, text[], uuid[], integer) to actp_bot;
