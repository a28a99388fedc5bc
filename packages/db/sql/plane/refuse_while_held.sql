-- On the tables, and not in the functions that write them: what is added later is refused, too.
create or replace function public.refuse_while_held() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform public.assert_not_held();
  return case tg_op when 'DELETE' then old else new end;
end;
$$;

comment on function public.refuse_while_held() is
  'Trigger function that refuses what releases or decides while the plane is held.';

revoke all on function public.refuse_while_held() from public, anon, authenticated, service_role;
