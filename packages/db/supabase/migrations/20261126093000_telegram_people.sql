-- What people in Telegram are called, as far as they may give commands here. They choose it themselves: it stands beside the id.
create table public.actp_telegram_people (
  telegram_id bigint primary key,
  name text not null check (char_length(name) between 1 and 64),
  seen_at timestamptz not null default clock_timestamp()
);
alter table public.actp_telegram_people enable row level security;

-- Chats in which the bot has introduced itself.
create table public.actp_telegram_greetings (
  chat_id text primary key check (char_length(chat_id) <= 32),
  greeted_at timestamptz not null default clock_timestamp()
);
alter table public.actp_telegram_greetings enable row level security;

-- A chat that had cards before needs no introduction.
insert into public.actp_telegram_greetings (chat_id)
select distinct c.chat_id from public.actp_approval_cards c where char_length(c.chat_id) <= 32;

-- A reply to a card names the message that it replies to.
create index actp_approval_cards_message on public.actp_approval_cards (chat_id, message_id);

-- jsonb does not keep the order of keys. This is JSON in which each value is 0, and says nothing but the order in which people are to
-- read the details. No digest covers it. Null for what was inserted directly, and for what is older.
alter table public.actp_approval_queue add column details_order text;
