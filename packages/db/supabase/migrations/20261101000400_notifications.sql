-- Messages to people, in the order they have to be sent. The row is the truth; the queue entry only makes it soon.
create table public.actp_notifications (
  id uuid primary key default gen_random_uuid(),
  -- Why it is sent: one message per reason, however often the reason is reported.
  dedupe_key text not null unique,
  kind text not null,
  body text not null check (char_length(body) between 1 and 16384),
  -- pending: to be sent; sent: Telegram has it; logged: Telegram is off, it went to the log
  state text not null default 'pending' check (state in ('pending', 'sent', 'logged')),
  message_id bigint,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);

create index actp_notifications_due on public.actp_notifications (created_at) where state = 'pending';

alter table public.actp_notifications enable row level security;

-- Gives the id, also when the message was there already.
create function public.enqueue_notification(p_dedupe_key text, p_kind text, p_body text) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into public.actp_notifications (dedupe_key, kind, body)
  values (p_dedupe_key, p_kind, left(p_body, 16384))
  on conflict (dedupe_key) do nothing
  returning id into v_id;
  if v_id is null then
    select n.id into v_id from public.actp_notifications n where n.dedupe_key = p_dedupe_key;
  end if;
  return v_id;
end;
$$;

-- What has waited longer than p_older_than_seconds, oldest first.
create function public.due_notifications(p_older_than_seconds integer, p_limit integer) returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select n.id
  from public.actp_notifications n
  where n.state = 'pending'
    and n.created_at <= clock_timestamp() - make_interval(secs => p_older_than_seconds)
  order by n.created_at
  limit least(p_limit, 500);
$$;

-- The message was delivered ('sent', with its Telegram message id) or went to the log ('logged').
create function public.finish_notification(p_id uuid, p_state text, p_message_id bigint default null) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  if p_state not in ('sent', 'logged') then
    raise exception 'a notification ends as sent or logged' using errcode = 'invalid_parameter_value';
  end if;
  update public.actp_notifications
  set state = p_state, message_id = p_message_id, sent_at = clock_timestamp(),
      attempts = attempts + 1, last_error = null
  where id = p_id and state = 'pending';
  return found;
end;
$$;

create function public.note_notification_failure(p_id uuid, p_error text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_notifications
  set attempts = attempts + 1, last_error = left(p_error, 1000)
  where id = p_id and state = 'pending';
  return found;
end;
$$;
