-- People who sign in. Operators decide; users create tasks.
create table public.actp_users (
  id uuid primary key default gen_random_uuid(),
  email text not null check (char_length(email) between 3 and 320),
  password_hash text not null,
  role text not null default 'user' check (role in ('user', 'operator')),
  created_at timestamptz not null default now()
);

-- Addresses compare without case.
create unique index actp_users_email on public.actp_users (lower(email));

alter table public.actp_users enable row level security;

-- The first operator, made at start when there is none of that address. An existing account is left as it is: whoever
-- can set the environment of a copy must not be able to take an account over by it.
create function public.ensure_operator(p_email text, p_password_hash text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_users (email, password_hash, role)
  values (lower(p_email), p_password_hash, 'operator')
  on conflict ((lower(email))) do nothing;
  return found;
end;
$$;

create function public.find_user(p_email text)
returns table (id uuid, email text, password_hash text, role text)
language sql
stable
security definer
set search_path = ''
as $$
  select u.id, u.email, u.password_hash, u.role
  from public.actp_users u
  where lower(u.email) = lower(p_email);
$$;
