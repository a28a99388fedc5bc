-- The card is gone, or cannot be checked any more: nothing can be decided on it, and another one is due.
create or replace function public.forget_approval_card(p_id uuid, p_message_id bigint) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.actp_approval_cards c where c.approval_id = p_id and c.message_id = p_message_id;
  return found;
end;
$$;

comment on function public.forget_approval_card(uuid, bigint) is
  'Removes the card of an approval, so that a new one is sent.';

revoke all on function public.forget_approval_card(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.forget_approval_card(uuid, bigint) to actp_bot;
