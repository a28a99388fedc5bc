-- What the start compares OPERATOR_PASSWORD with: the value that was applied last, whatever the password is by now.
create or replace function public.configured_operator(p_email text) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'role', u.role, 'password_hash', u.password_hash, 'configured_hash', coalesce(u.configured_hash, u.password_hash))
  from public.actp_users u
  where lower(u.email) = lower(p_email);
$$;

comment on function public.configured_operator(text) is
  'Returns role, password hash and last configured password hash of the account with this email address, or null.';

revoke all on function public.configured_operator(text) from public, anon, authenticated, service_role;
grant execute on function public.configured_operator(text) to actp_gateway;
