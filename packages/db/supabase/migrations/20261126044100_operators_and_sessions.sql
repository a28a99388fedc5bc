-- Operators: invited (no password yet), disabled, with a name. What was configured for the first operator is remembered, so that a
-- password that was changed over HTTP is not put back at the next start.
alter table public.actp_users alter column password_hash drop not null;
alter table public.actp_users
  add column name text check (char_length(name) between 1 and 120),
  add column disabled_at timestamptz,
  add column configured_hash text,
  add column invite_hash bytea unique check (octet_length(invite_hash) = 32),
  add column invite_expires_at timestamptz,
  add constraint actp_users_invite check ((invite_hash is null) = (invite_expires_at is null));

-- A token without its row is worth nothing.
create table public.actp_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.actp_users (id) on delete cascade,
  kind text not null check (kind in ('api', 'page')),
  role text not null check (role in ('user', 'operator')),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  ip inet,
  user_agent text check (char_length(user_agent) <= 512),
  check (expires_at <= created_at + interval '12 hours')
);
create index actp_sessions_user on public.actp_sessions (user_id, created_at desc);
create index actp_sessions_newest on public.actp_sessions (created_at desc, id desc) where ended_at is null;
alter table public.actp_sessions enable row level security;
revoke all on public.actp_sessions from anon, authenticated, service_role;

-- Which person a Telegram id is. A row stays when the link ends: what the id has voted for was this person's vote. Without an account
-- (it was deleted) nobody decides by that id.
create table public.actp_telegram_links (
  telegram_id bigint not null,
  id bigint generated always as identity primary key,
  user_id uuid references public.actp_users (id) on delete set null,
  linked_at timestamptz not null default clock_timestamp(),
  unlinked_at timestamptz
);
create unique index actp_telegram_links_id on public.actp_telegram_links (telegram_id) where unlinked_at is null;
create unique index actp_telegram_links_user on public.actp_telegram_links (user_id) where unlinked_at is null;
create index actp_telegram_links_latest on public.actp_telegram_links (telegram_id, id desc);
alter table public.actp_telegram_links enable row level security;
revoke all on public.actp_telegram_links from anon, authenticated, service_role;

create table public.actp_telegram_codes (
  code_hash bytea primary key check (octet_length(code_hash) = 32),
  user_id uuid not null references public.actp_users (id) on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index actp_telegram_codes_user on public.actp_telegram_codes (user_id, created_at);
alter table public.actp_telegram_codes enable row level security;
revoke all on public.actp_telegram_codes from anon, authenticated, service_role;

-- Wrong codes, so that they cannot be guessed.
create table public.actp_telegram_link_failures (
  telegram_id bigint not null,
  failed_at timestamptz not null default clock_timestamp()
);
create index actp_telegram_link_failures_id on public.actp_telegram_link_failures (telegram_id, failed_at);
alter table public.actp_telegram_link_failures enable row level security;
revoke all on public.actp_telegram_link_failures from anon, authenticated, service_role;

-- A vote is a person's, whichever way it came.
alter table public.actp_approval_votes add column person text;
update public.actp_approval_votes v
set person = coalesce((select 'user:' || u.id from public.actp_users u where 'operator:' || lower(u.email) = lower(v.actor)), v.actor);
alter table public.actp_approval_votes alter column person set not null;
create unique index actp_approval_votes_person on public.actp_approval_votes (approval_id, person);

create function public.end_sessions_of_user() returns trigger
language plpgsql as $$ begin raise exception 'declared only'; end $$;

create trigger actp_users_end_sessions
after update of password_hash, role, disabled_at, email on public.actp_users
for each row
when (old.password_hash is distinct from new.password_hash or old.role is distinct from new.role
  or old.disabled_at is distinct from new.disabled_at or old.email is distinct from new.email)
execute function public.end_sessions_of_user();
