-- A payment that is only recorded. The key is that of an effect that was released, and the amount that of the effect: whoever calls it again
-- gets the same row. Gives {result: recorded | known | not_released, id}.
create or replace function public.pay_ledger(p_key text, p_payload jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  e public.actp_task_effects;
  t public.actp_tasks;
  v_id uuid;
begin
  select * into e from public.actp_task_effects f where f.key = p_key and f.kind = 'payment' for update;
  if not found or e.payload is distinct from p_payload then
    return jsonb_build_object('result', 'not_released');
  end if;
  select l.id into v_id from public.actp_ledger l where l.effect_id = e.id;
  if found then
    return jsonb_build_object('result', 'known', 'id', v_id);
  end if;
  if e.state <> 'reserved' then
    return jsonb_build_object('result', 'not_released');
  end if;
  select * into strict t from public.actp_tasks q where q.id = e.task_id;
  insert into public.actp_ledger (effect_id, task_id, user_id, asset_id, quantity, unit_price_usd, amount_minor, currency)
  values (e.id, t.id, t.user_id, e.payload ->> 'asset_id', (e.payload ->> 'quantity')::numeric,
    (e.payload ->> 'unit_price_usd')::numeric, e.amount_minor, e.payload ->> 'currency')
  returning id into strict v_id;
  return jsonb_build_object('result', 'recorded', 'id', v_id);
end;
$$;

comment on function public.pay_ledger(text, jsonb) is
  'Records a released payment in the ledger, once.';

revoke all on function public.pay_ledger(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.pay_ledger(text, jsonb) to actp_executor;
