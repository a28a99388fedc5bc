-- Nothing was spent. Gives {result: released | known | committed | not_found}.
create or replace function public.release_spend(p_id uuid, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
begin
  update public.actp_spend_reservations s
  set state = 'released', ended_at = clock_timestamp()
  where s.id = p_id and s.state = 'reserved'
  returning * into r;
  if found then
    update public.actp_daily_spend d
    set reserved_minor = d.reserved_minor - r.amount_minor
    where d.user_id = r.user_id and d.day = r.day;
    perform public.audit_spend(r, 'spend.release', 'ok', null, p_context);
    return jsonb_build_object('result', 'released', 'reservation', public.spend_json(r));
  end if;
  select * into r from public.actp_spend_reservations s where s.id = p_id;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  return jsonb_build_object(
    'result', case r.state when 'released' then 'known' else 'committed' end, 'reservation', public.spend_json(r));
end;
$$;

comment on function public.release_spend(uuid, jsonb) is
  'Releases a reservation without spending anything.';

revoke all on function public.release_spend(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.release_spend(uuid, jsonb) to actp_scheduler;
