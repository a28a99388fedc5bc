-- The checkpoint of kind 'key', which the old key has signed, and the new key, in one transaction. False: another auditor was first.
create or replace function public.rotate_signing_key(p_n bigint, p_payload text, p_signature text, p_old text, p_new text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  p actp_audit.plane;
begin
  select * into strict p from actp_audit.plane for update;
  if (p.signing_key is not null and p.signing_key is distinct from p_old)
    or p_payload::jsonb ->> 'kind' is distinct from 'key' or p_payload::jsonb ->> 'key' is distinct from p_new
    or not public.record_audit_checkpoint(p_n, p_payload, p_signature)
  then
    return false;
  end if;
  update actp_audit.plane set signing_key = p_new;
  perform public.audit_change('audit.key_rotated', 'ok', 'plane',
    jsonb_build_object('checkpoint', p_n, 'old_key', p_old, 'new_key', p_new), '{}');
  return true;
end;
$$;

comment on function public.rotate_signing_key(bigint, text, text, text, text) is
  'Records that a new key signs checkpoints from now on, in a checkpoint that the old key has signed.';

revoke all on function public.rotate_signing_key(bigint, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.rotate_signing_key(bigint, text, text, text, text) to actp_auditor;
