-- Takes the next reminder, at most one process each: true for the one that is to send it.
create or replace function public.claim_reminder(p_id uuid, p_sent_so_far integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_approval_cards c
  set reminders = public.reminders_due(a)
  from public.actp_approval_queue a
  where c.approval_id = p_id and a.id = p_id and c.reminders = p_sent_so_far
    and a.status = 'pending' and a.expires_at > clock_timestamp()
    and c.reminders < public.reminders_due(a);
  return found;
end;
$$;

comment on function public.claim_reminder(uuid, integer) is
  'Claims the next reminder of an approval. Returns true to one process only.';

revoke all on function public.claim_reminder(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_reminder(uuid, integer) to actp_bot;
