create or replace function public.assert_person(p_actor text) returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  if p_actor is null or char_length(p_actor) > 340 or p_actor !~ '^(telegram:[0-9]{1,20}|operator:[^@ ]+@[^@ ]+)$' then
    raise exception 'only a person does this' using errcode = 'invalid_parameter_value';
  end if;
end;
$$;

comment on function public.assert_person(text) is
  'Raises an error unless the actor is a person: telegram:<user id> or operator:<email>.';

revoke all on function public.assert_person(text) from public, anon, authenticated, service_role;
