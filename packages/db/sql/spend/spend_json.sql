create or replace function public.spend_json(r public.actp_spend_reservations) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'state', r.state, 'amount_minor', r.amount_minor, 'committed_minor', r.committed_minor, 'day', r.day,
    'expires_at', r.expires_at);
$$;

comment on function public.spend_json(public.actp_spend_reservations) is
  'Converts a spend reservation to the JSON that callers get.';

revoke all on function public.spend_json(public.actp_spend_reservations) from public, anon, authenticated, service_role;
