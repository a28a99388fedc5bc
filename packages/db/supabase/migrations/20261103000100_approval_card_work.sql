-- Which card shows an older state is marked where the change happens: nobody has to compare every card that there ever
-- was with its approval, several times a minute.
alter table public.actp_approval_cards add column wanted_version integer not null default 0;
update public.actp_approval_cards c set wanted_version = a.version
from public.actp_approval_queue a where a.id = c.approval_id;
drop index public.actp_approval_cards_shown;
create index actp_approval_cards_stale on public.actp_approval_cards (sent_at) where shown_version < wanted_version;
create index actp_approval_queue_unadopted on public.actp_approval_queue (created_at)
  where status = 'pending' and action_digest is null;

create function public.mark_approval_card() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update public.actp_approval_cards c
  set wanted_version = greatest(c.wanted_version, new.version)
  where c.approval_id = new.approval_id;
  return null;
end;
$$;

create trigger actp_approval_events_mark_card
  after insert on public.actp_approval_events
  for each row execute function public.mark_approval_card();

-- A card was sent: from now on this message, and no earlier copy, may decide.
create or replace function public.record_approval_card(
  p_id uuid, p_chat_id text, p_message_id bigint, p_version integer
) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  -- Waits for a change that is under way: its mark would miss a card that is just being recorded.
  select * into a from public.actp_approval_queue q where q.id = p_id for share;
  if not found then
    return;
  end if;
  insert into public.actp_approval_cards as c
    (approval_id, chat_id, message_id, shown_version, wanted_version, reminders)
  values (p_id, p_chat_id, p_message_id, p_version, a.version, public.reminders_due(a))
  on conflict (approval_id) do update
    set chat_id = excluded.chat_id, message_id = excluded.message_id, shown_version = excluded.shown_version,
        wanted_version = excluded.wanted_version, sent_at = clock_timestamp();
end;
$$;

-- The card is gone, or cannot be checked any more: nothing can be decided on it, and another one is due.
create function public.forget_approval_card(p_id uuid, p_message_id bigint) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.actp_approval_cards c where c.approval_id = p_id and c.message_id = p_message_id;
  return found;
end;
$$;

-- What the bot has to do, most urgent first. Gives [{id, kind, chat_id}], kind being edit (the card shows an older
-- state), deliver (nobody was asked yet) or remind. Left out: chats and approvals that cannot be served just now.
drop function public.due_approval_work(integer);
create function public.due_approval_work(
  p_default_chat_id text, p_without_chats text[], p_without_ids uuid[], p_limit integer
) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(
    jsonb_build_object('id', due.id, 'kind', due.kind, 'chat_id', due.chat_id) order by due.urgency, due.since), '[]')
  from (
    select * from (
      select 1 as urgency, 'edit' as kind, c.approval_id as id, c.chat_id, c.sent_at as since
      from public.actp_approval_cards c
      where c.shown_version < c.wanted_version
      union all
      select 2, 'deliver', a.id, coalesce(a.chat_id, p_default_chat_id), a.created_at
      from public.actp_approval_queue a
      where a.status = 'pending' and a.expires_at > clock_timestamp() and a.action_digest is not null
        and not exists (select from public.actp_approval_cards c where c.approval_id = a.id)
      union all
      select 3, 'remind', a.id, c.chat_id, a.created_at
      from public.actp_approval_queue a
      join public.actp_approval_cards c on c.approval_id = a.id
      where a.status = 'pending' and a.expires_at > clock_timestamp() and c.reminders < public.reminders_due(a)
    ) work
    where work.chat_id is not null
      and work.chat_id <> all (p_without_chats) and work.id <> all (p_without_ids)
    order by work.urgency, work.since
    limit p_limit
  ) due;
$$;

-- What other programs inserted and nobody has taken up: [{id, action, requested_by, details}]. The details are text:
-- numbers in them may be longer than a reader's own.
create function public.unadopted_approvals(p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', new.id, 'action', new.action, 'requested_by', new.requested_by, 'details', new.details::text)), '[]')
  from (
    select * from public.actp_approval_queue a
    where a.status = 'pending' and a.action_digest is null and a.expires_at > clock_timestamp()
    order by a.created_at
    limit p_limit
  ) new;
$$;

-- The bot's view of one approval: what to show, as text so that no digit is lost, on which message, and what time it is.
create or replace function public.read_approval_card(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'approval', public.approval_json(a) - 'details',
    'details', a.details::text,
    'chat_id', coalesce(c.chat_id, a.chat_id),
    'message_id', c.message_id,
    'reminders', c.reminders,
    'now', clock_timestamp())
  from public.actp_approval_queue a
  left join public.actp_approval_cards c on c.approval_id = a.id
  where a.id = p_id;
$$;

-- What waits for a person, the most urgent first: {waiting, approvals}.
create function public.waiting_approvals(p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'now', clock_timestamp(),
    'waiting', (select count(*) from public.actp_approval_queue a
                where a.status = 'pending' and a.expires_at > clock_timestamp()),
    'approvals', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', next.id, 'action', next.action, 'requested_by', next.requested_by, 'expires_at', next.expires_at)
        order by next.expires_at)
      from (
        select * from public.actp_approval_queue a
        where a.status = 'pending' and a.expires_at > clock_timestamp()
        order by a.expires_at
        limit p_limit
      ) next), '[]'));
$$;
