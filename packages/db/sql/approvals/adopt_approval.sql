-- Takes up a row that another program inserted: from now on it can be shown and decided.
create or replace function public.adopt_approval(
  p_id uuid, p_action_digest text, p_payload_digest text, p_policy_version text, p_ttl_seconds integer,
  p_grant_seconds integer, p_critical boolean, p_approvers integer
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  update public.actp_approval_queue q
  set action_digest = p_action_digest, payload_digest = p_payload_digest, policy_version = p_policy_version,
      expires_at = least(q.expires_at, q.created_at + make_interval(secs => p_ttl_seconds)),
      grant_seconds = p_grant_seconds, critical = p_critical, approvers = p_approvers
  where q.id = p_id and q.status = 'pending' and q.action_digest is null
  returning q.* into a;
  if not found then
    return false;
  end if;
  perform public.note_approval_event(a, 'pending');
  -- The plane says that there is a request; who is named in it may be anybody.
  perform public.audit_approval(a, 'approval.request', 'ok', 'plane',
    jsonb_build_object('requested_by', a.requested_by, 'expires_at', a.expires_at, 'inserted_directly', true), '{}');
  return true;
end;
$$;

comment on function public.adopt_approval(uuid, text, text, text, integer, integer, boolean, integer) is
  'Adds digests, policy and expiry to an approval row that another program has inserted.';

revoke all on function public.adopt_approval(uuid, text, text, text, integer, integer, boolean, integer) from public, anon, authenticated, service_role;
grant execute on function public.adopt_approval(uuid, text, text, text, integer, integer, boolean, integer) to actp_scheduler;
