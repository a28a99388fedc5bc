-- What was committed for something that turned out not to have happened: only p_kept_minor of it stays spent.
create or replace function public.refund_spend(p_id uuid, p_kept_minor bigint, p_context jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  r public.actp_spend_reservations;
  v_before bigint;
begin
  select s.committed_minor into v_before from public.actp_spend_reservations s
  where s.id = p_id and s.state = 'committed' and s.committed_minor > p_kept_minor for update;
  if not found then
    return;
  end if;
  update public.actp_spend_reservations s set committed_minor = p_kept_minor where s.id = p_id returning * into strict r;
  update public.actp_daily_spend d
  set spent_minor = d.spent_minor - (v_before - p_kept_minor)
  where d.user_id = r.user_id and d.day = r.day;
  perform public.audit_spend(r, 'spend.refund', 'ok', jsonb_build_object('refunded_minor', v_before - p_kept_minor), p_context);
end;
$$;

comment on function public.refund_spend(uuid, bigint, jsonb) is
  'Gives back committed money of what did not happen.';

revoke all on function public.refund_spend(uuid, bigint, jsonb) from public, anon, authenticated, service_role;
