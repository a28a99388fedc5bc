-- What an approval's callback_url has to be told. The row is made in the transaction of the change, so that no change
-- goes untold; a queue entry only makes it soon.
create table public.actp_approval_callbacks (
  approval_id uuid not null references public.actp_approval_queue (id),
  version integer not null,
  type text not null,
  at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  last_error text,
  finished_at timestamptz,
  primary key (approval_id, version)
);
create index actp_approval_callbacks_due on public.actp_approval_callbacks (next_attempt_at) where state = 'waiting';
alter table public.actp_approval_callbacks enable row level security;
revoke insert, update, delete, truncate on public.actp_approval_callbacks from service_role;

-- That something is pending is no news to who asked.
create function public.note_approval_callback() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into public.actp_approval_callbacks (approval_id, version, type, at)
  select new.approval_id, new.version, new.type, new.at
  from public.actp_approval_queue a
  where a.id = new.approval_id and a.callback_url is not null;
  return null;
end;
$$;

create trigger actp_approval_events_note_callback
  after insert on public.actp_approval_events
  for each row when (new.type <> 'pending')
  execute function public.note_approval_callback();

-- Takes what is due, of one approval or of all, and holds it for p_seconds: the time in which its deliverer has to end
-- it, before it is taken again. Gives [{approval_id, version, type, at, url, attempt, approval}].
create function public.claim_callbacks(p_approval_id uuid, p_seconds integer, p_limit integer) returns jsonb
language sql
security definer
set search_path = ''
as $$
  with claimed as (
    update public.actp_approval_callbacks c
    set attempts = c.attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => p_seconds)
    from (
      select w.approval_id, w.version from public.actp_approval_callbacks w
      where w.state = 'waiting' and w.next_attempt_at <= clock_timestamp()
        and (p_approval_id is null or w.approval_id = p_approval_id)
      order by w.next_attempt_at, w.version
      limit p_limit
      for update skip locked
    ) due
    where c.approval_id = due.approval_id and c.version = due.version
    returning c.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'approval_id', claimed.approval_id, 'version', claimed.version, 'type', claimed.type, 'at', claimed.at,
    'url', a.callback_url, 'attempt', claimed.attempts, 'approval', public.approval_json(a))
    order by claimed.approval_id, claimed.version), '[]')
  from claimed join public.actp_approval_queue a on a.id = claimed.approval_id;
$$;

-- What became of an attempt: p_state delivered or given_up ends it; waiting tries again after p_retry_seconds.
create function public.record_callback(
  p_approval_id uuid, p_version integer, p_state text, p_error text, p_retry_seconds integer
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_approval_callbacks c
  set state = p_state, last_error = left(p_error, 500),
      next_attempt_at = clock_timestamp() + make_interval(secs => coalesce(p_retry_seconds, 0)),
      finished_at = case when p_state <> 'waiting' then clock_timestamp() end
  where c.approval_id = p_approval_id and c.version = p_version and c.state = 'waiting';
  return found;
end;
$$;
