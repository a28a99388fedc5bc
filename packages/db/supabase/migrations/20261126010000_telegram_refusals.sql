-- What Telegram refuses at present, and why: written by the bot at each refusal and taken away when a message goes
-- through, so that readiness and metrics can show it whichever copy has seen it.
create table public.actp_telegram_refusals (
  -- Empty when the token itself is refused.
  chat_id text not null check (char_length(chat_id) <= 32),
  -- edit: changes of messages; text: messages; buttons: messages with buttons; token: everything
  what text not null check (what in ('edit', 'text', 'buttons', 'token')),
  -- In Telegram's words, without secrets and addresses.
  reason text not null,
  since timestamptz not null default clock_timestamp(),
  tried_at timestamptz not null default clock_timestamp(),
  primary key (chat_id, what)
);
alter table public.actp_telegram_refusals enable row level security;
revoke all on public.actp_telegram_refusals from anon, authenticated;
revoke insert, update, delete, truncate on public.actp_telegram_refusals from service_role;

-- Groups of the settings that have become supergroups, whose ids are others.
create table public.actp_telegram_moves (
  chat_id text primary key check (char_length(chat_id) <= 32),
  moved_to text not null check (moved_to <> chat_id and char_length(moved_to) <= 32),
  moved_at timestamptz not null default clock_timestamp()
);
alter table public.actp_telegram_moves enable row level security;
revoke all on public.actp_telegram_moves from anon, authenticated;
revoke insert, update, delete, truncate on public.actp_telegram_moves from service_role;

-- It gives more than before.
drop function if exists public.waiting_notifications(integer);
