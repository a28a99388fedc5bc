-- What the bot still has to do about approvals. The database is asked; a lost queue entry costs nothing.

-- How many reminders are due by now: one at half of the time, one at three quarters.
create function public.reminders_due(a public.actp_approval_queue) returns integer
language sql
stable
set search_path = ''
as $$
  select case
    when clock_timestamp() >= a.created_at + (a.expires_at - a.created_at) * 0.75 then 2
    when clock_timestamp() >= a.created_at + (a.expires_at - a.created_at) * 0.5 then 1
    else 0 end;
$$;

-- Gives [{id, kind}], kind being adopt (inserted by another program, no digest yet), deliver (nobody was asked yet),
-- edit (the card shows an older state) or remind. Oldest first.
create function public.due_approval_work(p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', due.id, 'kind', due.kind)), '[]')
  from (
    select a.id, case
      when a.action_digest is null then 'adopt'
      when c.approval_id is null then 'deliver'
      when c.shown_version < a.version then 'edit'
      else 'remind' end as kind
    from public.actp_approval_queue a
    left join public.actp_approval_cards c on c.approval_id = a.id
    where (a.status = 'pending' and a.expires_at > clock_timestamp()
           and (a.action_digest is null or c.approval_id is null or c.reminders < public.reminders_due(a)))
       or c.shown_version < a.version
    order by a.created_at
    limit p_limit
  ) due;
$$;

create index actp_approval_cards_shown on public.actp_approval_cards (shown_version);

-- The bot's view of one approval: what to show, and on which message.
create function public.read_approval_card(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'approval', public.approval_json(a),
    'chat_id', coalesce(c.chat_id, a.chat_id),
    'message_id', c.message_id,
    'shown_version', c.shown_version,
    'reminders', c.reminders,
    'reminders_due', public.reminders_due(a))
  from public.actp_approval_queue a
  left join public.actp_approval_cards c on c.approval_id = a.id
  where a.id = p_id;
$$;

-- A card was sent: from now on this message, and no earlier copy, may decide.
create function public.record_approval_card(p_id uuid, p_chat_id text, p_message_id bigint, p_version integer)
returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.actp_approval_cards as c (approval_id, chat_id, message_id, shown_version, reminders)
  select a.id, p_chat_id, p_message_id, p_version, public.reminders_due(a)
  from public.actp_approval_queue a where a.id = p_id
  on conflict (approval_id) do update
    set chat_id = excluded.chat_id, message_id = excluded.message_id, shown_version = excluded.shown_version,
        sent_at = clock_timestamp();
$$;

-- The card shows this version now.
create function public.record_card_shown(p_id uuid, p_version integer) returns void
language sql
security definer
set search_path = ''
as $$
  update public.actp_approval_cards
  set shown_version = greatest(shown_version, p_version)
  where approval_id = p_id;
$$;

-- Takes the next reminder, at most one process each: true for the one that is to send it.
create function public.claim_reminder(p_id uuid, p_sent_so_far integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_approval_cards c
  set reminders = public.reminders_due(a)
  from public.actp_approval_queue a
  where c.approval_id = p_id and a.id = p_id and c.reminders = p_sent_so_far
    and a.status = 'pending' and a.expires_at > clock_timestamp()
    and c.reminders < public.reminders_due(a);
  return found;
end;
$$;

-- A press that never reached decide_approval (forged, from a stranger, about something unknown) leaves its trace too.
-- False when this update was seen before.
create function public.record_refused_press(p_update_id bigint, p_actor text, p_facts jsonb) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_telegram_updates (update_id) values (p_update_id) on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into public.actp_agent_audit_log (agent_id, action_type, status, result, started_at, completed_at)
  values (left(p_actor, 128), 'approval.decide', 'denied', p_facts, clock_timestamp(), clock_timestamp());
  return true;
end;
$$;
