-- Gives the id, also when the message was there already.
create or replace function public.enqueue_notification(p_dedupe_key text, p_kind text, p_body text) returns uuid
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

comment on function public.enqueue_notification(text, text, text) is
  'Creates a notification unless one with this deduplication key exists, and returns its id in both cases.';

revoke all on function public.enqueue_notification(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.enqueue_notification(text, text, text) to actp_gateway, actp_scheduler, actp_auditor, actp_executor, actp_inspector;
