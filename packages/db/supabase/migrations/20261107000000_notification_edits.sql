-- A message that goes on: its text can change after it was sent, and is then edited where people see it.
alter table public.actp_notifications
  add column revision integer not null default 0,
  -- The revision that people see.
  add column sent_revision integer not null default 0;

create index actp_notifications_revised on public.actp_notifications (created_at)
where state <> 'pending' and revision > sent_revision;

-- Sets the text of a message, which is made when it is not there yet. The same text again changes nothing.
create function public.revise_notification(p_dedupe_key text, p_kind text, p_body text) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  n public.actp_notifications;
  v_body text := left(p_body, 16384);
  v_changed boolean;
begin
  insert into public.actp_notifications (dedupe_key, kind, body)
  values (p_dedupe_key, p_kind, v_body)
  on conflict (dedupe_key) do nothing
  returning * into n;
  v_changed := found;
  if not found then
    update public.actp_notifications
    set body = v_body, revision = revision + 1
    where dedupe_key = p_dedupe_key and body <> v_body
    returning * into n;
    v_changed := found;
    if not found then
      select * into strict n from public.actp_notifications where dedupe_key = p_dedupe_key;
    end if;
  end if;
  return jsonb_build_object('id', n.id, 'revision', n.revision, 'changed', v_changed);
end;
$$;

-- What waits for a person, oldest first: never sent, or changed since.
create function public.waiting_notifications(p_limit integer)
returns table (id uuid, kind text, body text, revision integer, message_id bigint, first boolean)
language sql
stable
security definer
set search_path = ''
as $$
  select n.id, n.kind, n.body, n.revision, n.message_id, n.state = 'pending'
  from public.actp_notifications n
  where n.state = 'pending' or n.revision > n.sent_revision
  order by n.created_at, n.id
  limit least(p_limit, 500);
$$;

create or replace function public.due_notifications(p_older_than_seconds integer, p_limit integer) returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select n.id
  from public.actp_notifications n
  where (n.state = 'pending' or n.revision > n.sent_revision)
    and n.created_at <= clock_timestamp() - make_interval(secs => p_older_than_seconds)
  order by n.created_at
  limit least(p_limit, 500);
$$;

drop function public.finish_notification(uuid, text, bigint);

-- A revision of the message was delivered ('sent', with its Telegram message id) or went to the log ('logged').
create function public.finish_notification(
  p_id uuid, p_state text, p_message_id bigint default null, p_revision integer default 0
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  if p_state not in ('sent', 'logged') then
    raise exception 'a notification ends as sent or logged' using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_notifications
  set state = p_state, message_id = coalesce(p_message_id, message_id), sent_at = coalesce(sent_at, clock_timestamp()),
      sent_revision = greatest(sent_revision, p_revision), attempts = attempts + 1, last_error = null
  where id = p_id and (state = 'pending' or sent_revision < p_revision);
  return found;
end;
$$;

create or replace function public.note_notification_failure(p_id uuid, p_error text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_notifications
  set attempts = attempts + 1, last_error = left(p_error, 1000)
  where id = p_id and (state = 'pending' or revision > sent_revision);
  return found;
end;
$$;
