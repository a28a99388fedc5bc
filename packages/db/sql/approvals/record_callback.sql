-- What became of an attempt: p_state delivered or given_up ends it; waiting tries again after p_retry_seconds.
create or replace function public.record_callback(
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

comment on function public.record_callback(uuid, integer, text, text, integer) is
  'Records the result of a delivery attempt of a callback.';

revoke all on function public.record_callback(uuid, integer, text, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.record_callback(uuid, integer, text, text, integer) to actp_scheduler;
