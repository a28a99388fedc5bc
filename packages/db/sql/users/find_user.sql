-- Nobody logs in to an account that is disabled, or that was only invited: neither has a password here.
create or replace function public.find_user(p_email text)
returns table (id uuid, email text, password_hash text, role text)
language sql
stable
security definer
set search_path = ''
as $$
  select u.id, u.email, case when u.disabled_at is null then u.password_hash end, u.role
  from public.actp_users u
  where lower(u.email) = lower(p_email);
$$;

comment on function public.find_user(text) is
  'Returns the account with this email address, compared without case. Without a password hash nobody logs in.';

revoke all on function public.find_user(text) from public, anon, authenticated, service_role;
grant execute on function public.find_user(text) to actp_gateway;
