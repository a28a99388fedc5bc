-- The call was certainly not carried out: another one may be sent later.
create or replace function public.forget_heal_start(p_id uuid, p_holder text) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  h public.actp_heals;
begin
  select * into strict h from public.actp_heals where id = p_id for update;
  perform public.assert_heal_lease(h.run_id, p_holder);
  if h.step = 'start' then
    update public.actp_heals set sent_at = null where id = p_id returning * into h;
  end if;
  return public.heal_json(h);
end;
$$;

comment on function public.forget_heal_start(uuid, text) is
  'Removes the intent to start the coding agent after a call that was certainly not carried out.';

revoke all on function public.forget_heal_start(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.forget_heal_start(uuid, text) to actp_runner;
