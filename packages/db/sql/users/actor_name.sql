-- For people to read beside the actor, never instead of it: what somebody is called in Telegram is their own choice.
create or replace function public.actor_name(p_actor text) returns text
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(public.person_name(p_actor), case when p_actor ~ '^telegram:[0-9]{1,18}$' then (
    select p.name from public.actp_telegram_people p where p.telegram_id = substr(p_actor, 10)::bigint) end);
$$;

comment on function public.actor_name(text) is
  'Returns the name of the operator behind an actor, or else what they are called in Telegram, or null.';

revoke all on function public.actor_name(text) from public, anon, authenticated, service_role;
