-- Sets the text of a message, which is made when it is not there yet. The same text again changes nothing.
create or replace function public.revise_notification(p_dedupe_key text, p_kind text, p_body text) returns jsonb
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

comment on function public.revise_notification(text, text, text) is
  'Creates a notification or replaces its text. Returns its id, its revision and whether it changed.';

revoke all on function public.revise_notification(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.revise_notification(text, text, text) to actp_runner;
