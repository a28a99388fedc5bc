-- The SQLSTATE is the plane's own: the client makes the error plane_held of it, with this reason.
create or replace function public.assert_not_held() returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_hold jsonb := public.plane_hold();
begin
  if v_hold is not null then
    raise exception '%', v_hold ->> 'reason' using errcode = 'AC503', detail = v_hold ->> 'code';
  end if;
end;
$$;

comment on function public.assert_not_held() is
  'Raises an error while nothing may be released or decided.';

revoke all on function public.assert_not_held() from public, anon, authenticated, service_role;
