create or replace function public.effect_json(e public.actp_task_effects) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', e.id, 'place', e.place, 'kind', e.kind, 'key', e.key, 'payload', e.payload, 'state', e.state,
    'attempts', e.attempts, 'reference', e.reference, 'facts', e.facts, 'reason', e.reason,
    -- The key is still known to the service, and so may be sent again.
    'key_kept', e.first_attempt_at is null
      or clock_timestamp() < e.first_attempt_at + make_interval(secs => e.key_kept_seconds));
$$;

comment on function public.effect_json(public.actp_task_effects) is
  'Converts an effect to the JSON that the executor gets.';

revoke all on function public.effect_json(public.actp_task_effects) from public, anon, authenticated, service_role;
