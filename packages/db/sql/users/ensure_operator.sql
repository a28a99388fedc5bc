-- The first operator, made at start when there is none of that address. An existing account is left as it is: whoever
-- can set the environment of a copy must not be able to take an account over by it.
create or replace function public.ensure_operator(p_email text, p_password_hash text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_users (email, password_hash, configured_hash, role)
  values (lower(p_email), p_password_hash, p_password_hash, 'operator')
  on conflict ((lower(email))) do nothing;
  return found;
end;
$$;

comment on function public.ensure_operator(text, text) is
  'Creates the first operator account if no account with this email address exists. Returns true if it was created.';

revoke all on function public.ensure_operator(text, text) from public, anon, authenticated, service_role;
grant execute on function public.ensure_operator(text, text) to actp_gateway;
