create or replace function public.heal_json(h public.actp_heals) returns jsonb
language sql
stable
set search_path = ''
as $$
  select to_jsonb(h) || jsonb_build_object(
    'overdue', coalesce(h.deadline_at <= clock_timestamp(), false),
    'seconds_left', greatest(0, ceil(extract(epoch from h.deadline_at - clock_timestamp()))),
    'seconds_since_sent', extract(epoch from clock_timestamp() - coalesce(h.started_at, h.sent_at)));
$$;

comment on function public.heal_json(public.actp_heals) is
  'Converts a heal to the JSON that callers get.';

revoke all on function public.heal_json(public.actp_heals) from public, anon, authenticated, service_role;
