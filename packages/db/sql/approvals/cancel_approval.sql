create or replace function public.cancel_approval(p_id uuid, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if p_context ->> 'source' is distinct from 'plane' and (public.approval_asker(a) <> v_agent or a.source = 'plane') then
    return jsonb_build_object('result', 'other_agent');
  end if;
  if a.status = 'pending' and a.expires_at <= clock_timestamp() then
    a := public.expire_locked_approval(a);
  end if;
  if a.status <> 'pending' then
    return jsonb_build_object(
      'result', case a.status when 'cancelled' then 'cancelled' when 'expired' then 'expired' else 'already_decided' end,
      'approval', public.approval_json(a));
  end if;
  update public.actp_approval_queue q
  set status = 'cancelled', version = q.version + 1
  where q.id = p_id and q.status = 'pending'
  returning q.* into strict a;
  perform public.note_approval_event(a, 'cancelled');
  perform public.audit_approval(a, 'approval.cancel', 'ok', v_agent, null, p_context);
  return jsonb_build_object('result', 'cancelled', 'approval', public.approval_json(a));
end;
$$;

comment on function public.cancel_approval(uuid, jsonb) is
  'Cancels a pending approval on behalf of its requester.';

revoke all on function public.cancel_approval(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.cancel_approval(uuid, jsonb) to actp_gateway, actp_scheduler;
