-- What was really spent, at most what was reserved; the rest is free again. Gives {result: committed | known | released |
-- above_reservation | mismatch | not_found}. It counts for the day of the reservation.
create or replace function public.commit_spend(p_id uuid, p_amount_minor numeric, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  v_amount bigint := public.minor_units(p_amount_minor, 'amount_minor');
  v_result text;
begin
  update public.actp_spend_reservations s
  set state = 'committed', committed_minor = v_amount, ended_at = clock_timestamp()
  where s.id = p_id and s.state = 'reserved' and v_amount <= s.amount_minor
  returning * into r;
  if found then
    update public.actp_daily_spend d
    set reserved_minor = d.reserved_minor - r.amount_minor, spent_minor = d.spent_minor + v_amount
    where d.user_id = r.user_id and d.day = r.day;
    perform public.audit_spend(r, 'spend.commit', 'ok', jsonb_build_object('committed_minor', v_amount), p_context);
    return jsonb_build_object('result', 'committed', 'reservation', public.spend_json(r));
  end if;
  select * into r from public.actp_spend_reservations s where s.id = p_id;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  v_result := case
    when r.state = 'released' then 'released'
    when r.state = 'reserved' then 'above_reservation'
    when r.committed_minor = v_amount then 'known'
    else 'mismatch' end;
  if v_result <> 'known' then
    perform public.audit_spend(r, 'spend.commit', 'denied',
      jsonb_build_object('refused', v_result, 'committed_minor', v_amount), p_context);
  end if;
  return jsonb_build_object('result', v_result, 'reservation', public.spend_json(r));
end;
$$;

comment on function public.commit_spend(uuid, numeric, jsonb) is
  'Records what was really spent of a reservation and frees the rest.';

revoke all on function public.commit_spend(uuid, numeric, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.commit_spend(uuid, numeric, jsonb) to actp_scheduler;
