-- Gives the amount as an integer, or refuses: negative, not whole, NaN, infinite, or more than 2^53, which not every program
-- reads exactly.
create or replace function public.minor_units(p_amount numeric, p_name text) returns bigint
language plpgsql
immutable
set search_path = ''
as $$
begin
  if (p_amount >= 0 and p_amount <= 9007199254740992 and trunc(p_amount) = p_amount) is not true then
    raise exception '% must be a whole number of minor units from 0 to 2^53', p_name using errcode = 'invalid_parameter_value';
  end if;
  return p_amount::bigint;
end;
$$;

comment on function public.minor_units(numeric, text) is
  'Converts an amount in minor units to bigint, or raises an error.';

revoke all on function public.minor_units(numeric, text) from public, anon, authenticated, service_role;
