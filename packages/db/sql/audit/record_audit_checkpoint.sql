-- Keeps a checkpoint. False when its number is taken: another auditor was first.
create or replace function public.record_audit_checkpoint(p_n bigint, p_payload text, p_signature text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  if p_n is distinct from (select coalesce(max(c.n), 0) + 1 from actp_audit.checkpoints c) then
    return false;
  end if;
  insert into actp_audit.checkpoints (n, payload, signature) values (p_n, p_payload, p_signature) on conflict do nothing;
  return found;
end;
$$;

comment on function public.record_audit_checkpoint(bigint, text, text) is
  'Stores a signed checkpoint. Returns false if its number is taken.';

revoke all on function public.record_audit_checkpoint(bigint, text, text) from public, anon, authenticated, service_role;
grant execute on function public.record_audit_checkpoint(bigint, text, text) to actp_auditor;
