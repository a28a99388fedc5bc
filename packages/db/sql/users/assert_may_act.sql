-- The SQLSTATE is the plane's own: apps tell it from a right that their database role does not have.
create or replace function public.assert_may_act(p_actor text, p_context jsonb) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  perform public.assert_person(p_actor);
  if not public.may_act(p_actor, p_context) then
    raise exception 'not an operator who may act' using errcode = 'AC401';
  end if;
end;
$$;

comment on function public.assert_may_act(text, jsonb) is
  'Raises an error unless the actor is a person who may act as an operator now.';

revoke all on function public.assert_may_act(text, jsonb) from public, anon, authenticated, service_role;
