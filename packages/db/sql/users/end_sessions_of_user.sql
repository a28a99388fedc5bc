-- Whoever changes the row: another password, role or address, and disabling or enabling, end every session of the account.
create or replace function public.end_sessions_of_user() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_sessions s
  set ended_at = clock_timestamp(), end_reason = case
    when old.password_hash is distinct from new.password_hash then 'password'
    when old.role is distinct from new.role then 'role'
    when old.email is distinct from new.email then 'email'
    else 'disabled' end
  where s.user_id = new.id and s.ended_at is null;
  return null;
end;
$$;

comment on function public.end_sessions_of_user() is
  'Trigger function that ends the sessions of an account whose password, role, address or state has changed.';

revoke all on function public.end_sessions_of_user() from public, anon, authenticated, service_role;
