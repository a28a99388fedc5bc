-- A row that another program inserted and that the policy denies: it is cancelled before anybody is asked. p_denied is
-- {version, rule, reasons}.
create or replace function public.refuse_import(p_id uuid, p_denied jsonb) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  update public.actp_approval_queue q
  set status = 'cancelled', decision_reason = left('denied by the policy: ' || (p_denied ->> 'rule'), 2000), version = q.version + 1
  where q.id = p_id and q.status = 'pending' and q.action_digest is null
  returning q.* into a;
  if not found then
    return false;
  end if;
  perform public.note_approval_event(a, 'cancelled');
  perform public.audit_approval(a, 'approval.cancel', 'denied', 'plane',
    jsonb_build_object('refused', 'policy_denied', 'policy', p_denied, 'inserted_directly', true), '{}');
  perform public.note_violation(
    p_denied ->> 'rule', 'plane', a.action, 'approval.request', null, a.id, '{}');
  return true;
end;
$$;

comment on function public.refuse_import(uuid, jsonb) is
  'Cancels an approval row that another program has inserted and that the policy denies.';

revoke all on function public.refuse_import(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.refuse_import(uuid, jsonb) to actp_scheduler;
