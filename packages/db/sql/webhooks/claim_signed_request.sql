-- 'ok' for the first use of an id; else 'replayed', or 'stale' when p_timestamp (seconds since 1970) is more than five
-- minutes from now in either direction.
create or replace function public.claim_signed_request(p_webhook_id text, p_timestamp bigint) returns text
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

comment on function public.claim_signed_request(text, bigint) is
  'Records the id of a signed request. Returns ok, replayed or stale.';

revoke all on function public.claim_signed_request(text, bigint) from public, anon, authenticated, service_role;
grant execute on function public.claim_signed_request(text, bigint) to actp_gateway;
