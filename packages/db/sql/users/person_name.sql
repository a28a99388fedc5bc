create or replace function public.person_name(p_actor text) returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_person text := public.person_of(p_actor);
begin
  if v_person like 'user:%' then
    return (select coalesce(u.name, u.email) from public.actp_users u where u.id = substr(v_person, 6)::uuid);
  end if;
  return null;
end;
$$;

comment on function public.person_name(text) is
  'Returns the name (or else the e-mail address) of the operator behind an actor, or null.';

revoke all on function public.person_name(text) from public, anon, authenticated, service_role;
