-- A chat that refused, and to which nobody has tried to send since: nothing waits for it, so only a message made for that
-- purpose can show whether it is over. Given to one copy at a time.
create or replace function public.claim_quiet_telegram_refusal(p_chat_ids text[], p_quiet_seconds integer) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_chat_id text;
begin
  select r.chat_id into v_chat_id
  from public.actp_telegram_refusals r
  where r.chat_id = any (p_chat_ids)
  group by r.chat_id
  having max(r.tried_at) < clock_timestamp() - make_interval(secs => p_quiet_seconds)
  limit 1;
  if v_chat_id is null then
    return null;
  end if;
  update public.actp_telegram_refusals r set tried_at = clock_timestamp()
  where r.chat_id = v_chat_id and r.tried_at < clock_timestamp() - make_interval(secs => p_quiet_seconds);
  return case when found then v_chat_id end;
end;
$$;

comment on function public.claim_quiet_telegram_refusal(text[], integer) is
  'Returns the chat of a refusal that nobody has tried again for p_quiet_seconds, to one caller, or null.';

revoke all on function public.claim_quiet_telegram_refusal(text[], integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_quiet_telegram_refusal(text[], integer) to actp_bot;
