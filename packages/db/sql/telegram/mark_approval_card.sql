create or replace function public.mark_approval_card() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update public.actp_approval_cards c
  set wanted_version = greatest(c.wanted_version, new.version)
  where c.approval_id = new.approval_id;
  return null;
end;
$$;

comment on function public.mark_approval_card() is
  'Trigger function that marks the card of a changed approval as out of date.';

revoke all on function public.mark_approval_card() from public, anon, authenticated, service_role;
