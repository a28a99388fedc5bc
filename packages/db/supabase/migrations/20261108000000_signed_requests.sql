-- Requests that were signed (Standard Webhooks): each id counts once, and only near its own time on this clock. Kept until a
-- repeat would be too old anyway.
create table public.actp_signed_requests (
  webhook_id text primary key check (length(webhook_id) between 1 and 256),
  forget_at timestamptz not null
);

create index actp_signed_requests_forget_at on public.actp_signed_requests (forget_at);

alter table public.actp_signed_requests enable row level security;

-- 'ok' for the first use of an id; else 'replayed', or 'stale' when p_timestamp (seconds since 1970) is more than five
-- minutes from now in either direction.
create function public.claim_signed_request(p_webhook_id text, p_timestamp bigint) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_window constant interval := interval '5 minutes';
begin
  if abs(extract(epoch from v_now) - p_timestamp) > extract(epoch from v_window) then
    return 'stale';
  end if;
  -- A few at a time, passing over what another call is about to drop.
  delete from public.actp_signed_requests
  where webhook_id in (
    select r.webhook_id from public.actp_signed_requests r
    where r.forget_at < v_now
    order by r.forget_at
    limit 10
    for update skip locked
  );
  insert into public.actp_signed_requests (webhook_id, forget_at)
  values (p_webhook_id, v_now + 2 * v_window)
  on conflict (webhook_id) do nothing;
  return case when found then 'ok' else 'replayed' end;
end;
$$;
