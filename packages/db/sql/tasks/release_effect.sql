-- The one way to an effect outside: in one transaction the approval is redeemed, which asks kill switches, policy and limits, and the effect is
-- reserved under the key that the plan has for this place. Whatever is planned or tried a second time finds the first.
-- p_effect: {place, payload, amount_minor, key_kept_seconds}; p_redeem: {payload_digest, policy, limits}.
-- Gives {result: reserved | known | lost | not_planned | above_reservation | any refusal of redeem_approval, effect}.
create or replace function public.release_effect(p_id uuid, p_holder text, p_effect jsonb, p_redeem jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
  e public.actp_task_effects;
  v_place integer := (p_effect ->> 'place')::integer;
  v_planned jsonb;
  v_amount bigint := public.minor_units(coalesce(p_effect ->> 'amount_minor', '0')::numeric, 'amount_minor');
  v_redeemed jsonb;
begin
  if t.id is null then
    return jsonb_build_object('result', 'lost');
  end if;
  select * into e from public.actp_task_effects f where f.task_id = p_id and f.place = v_place;
  if found then
    return jsonb_build_object('result', 'known', 'effect', public.effect_json(e));
  end if;
  v_planned := t.plan -> 'effects' -> v_place;
  if v_place < 0 or v_planned is null or t.approval_id is null then
    return jsonb_build_object('result', 'not_planned');
  end if;
  if not exists (select from public.actp_users u where u.id = t.user_id and u.disabled_at is null) then
    return jsonb_build_object('result', 'account_ended');
  end if;
  if v_amount > 0 and not exists (
    select from public.actp_spend_reservations s where s.id = p_id and s.state = 'reserved'
      and s.amount_minor >= v_amount + (select coalesce(sum(f.amount_minor), 0) from public.actp_task_effects f where f.task_id = p_id))
  then
    return jsonb_build_object('result', 'above_reservation');
  end if;
  v_redeemed := public.redeem_approval(
    t.approval_id, p_redeem ->> 'payload_digest', public.task_context(t), p_redeem -> 'limits', p_redeem -> 'policy');
  if v_redeemed ->> 'result' <> 'redeemed' then
    return v_redeemed - 'approval';
  end if;
  insert into public.actp_task_effects
    (task_id, place, kind, action, key, payload, amount_minor, approval_id, grant_id, key_kept_seconds)
  values
    (p_id, v_place, v_planned ->> 'kind', v_planned ->> 'action', v_planned ->> 'key', p_effect -> 'payload', v_amount,
     t.approval_id, (v_redeemed ->> 'grant_id')::uuid, (p_effect ->> 'key_kept_seconds')::integer)
  returning * into strict e;
  t := public.note_task_step(p_id, null, 'effect_reserved', jsonb_build_object('effect', e.id, 'kind', e.kind));
  perform public.audit_task(t, 'tasks.effect.reserved', 'ok', t.agent,
    jsonb_build_object('effect', e.id, 'kind', e.kind, 'key', e.key, 'amount_minor', nullif(v_amount, 0), 'grant_id', e.grant_id),
    public.task_context(t));
  return jsonb_build_object('result', 'reserved', 'effect', public.effect_json(e));
end;
$$;

comment on function public.release_effect(uuid, text, jsonb, jsonb) is
  'Redeems the approval of a task and reserves its effect, at most once for each place of the plan.';

revoke all on function public.release_effect(uuid, text, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.release_effect(uuid, text, jsonb, jsonb) to actp_executor;
