-- Approvals: an agent asks, a person decides, the agent redeems once. Names and first columns are used by other programs.
create table public.actp_approval_queue (
  id uuid primary key default gen_random_uuid(),
  action text not null check (char_length(action) between 1 and 128),
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  requested_by text not null check (char_length(requested_by) between 1 and 128),
  status text not null default 'pending'
    check (status in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
  decided_by text,
  decided_at timestamptz,
  expires_at timestamptz not null default now() + interval '4 hours',
  created_at timestamptz not null default now(),
  -- SHA-256 of what a person is asked about; null until the plane has taken up a row that another program inserted.
  action_digest text check (action_digest ~ '^[0-9a-f]{64}$'),

  -- What the digest is made of, beside action, details and requester.
  policy_version text,
  -- SHA-256 of action and details alone: what a redeem presents.
  payload_digest text check (payload_digest ~ '^[0-9a-f]{64}$'),

  reason text check (char_length(reason) <= 2000),
  chat_id text,
  callback_url text,
  critical boolean not null default false,
  approvers integer not null default 1 check (approvers between 1 and 10),
  grant_seconds integer not null default 600 check (grant_seconds between 1 and 86400),

  -- Whose retry is whose: the same key of the same asker is the same approval.
  idempotency_scope text,
  idempotency_key text,
  request_digest text,

  decision_reason text,
  grant_id uuid,
  redeemed_at timestamptz,
  redeemed_by text,
  lapsed_at timestamptz,
  outcome text check (outcome in ('succeeded', 'failed', 'unknown')),
  outcome_at timestamptz,
  outcome_result jsonb,
  -- Grows with every change; orders what waiters and cards are told.
  version integer not null default 1,

  -- No row can say that it was decided too late, or half-decided.
  constraint decided_in_time check (decided_at is null or decided_at <= expires_at),
  constraint decided_by_someone check ((status in ('approved', 'rejected')) = (decided_by is not null and decided_at is not null)),
  constraint redeemed_only_when_approved check (redeemed_at is null or (status = 'approved' and grant_id is not null and lapsed_at is null)),
  constraint lapsed_only_when_approved check (lapsed_at is null or status = 'approved'),
  constraint outcome_only_when_redeemed check (outcome is null or redeemed_at is not null)
);

create unique index actp_approval_queue_idempotency
  on public.actp_approval_queue (idempotency_scope, idempotency_key) where idempotency_key is not null;
create index actp_approval_queue_newest on public.actp_approval_queue (created_at desc, id desc);
create index actp_approval_queue_pending on public.actp_approval_queue (expires_at) where status = 'pending';
create index actp_approval_queue_granted on public.actp_approval_queue (decided_at)
  where status = 'approved' and redeemed_at is null and lapsed_at is null;
create index actp_approval_queue_running on public.actp_approval_queue (redeemed_at)
  where redeemed_at is not null and outcome is null;

alter table public.actp_approval_queue enable row level security;

-- The service role asks by inserting the first columns; everything else happens in the functions below, whoever calls.
revoke all on public.actp_approval_queue from service_role;
grant select on public.actp_approval_queue to service_role;
grant insert (action, details, requested_by) on public.actp_approval_queue to service_role;

-- One vote a person: some actions need more than one.
create table public.actp_approval_votes (
  approval_id uuid not null references public.actp_approval_queue (id),
  actor text not null,
  voted_at timestamptz not null default clock_timestamp(),
  primary key (approval_id, actor)
);
alter table public.actp_approval_votes enable row level security;
revoke insert, update, delete, truncate on public.actp_approval_votes from service_role;

-- What happened to an approval, in order: for those who wait and those who come back.
create table public.actp_approval_events (
  approval_id uuid not null references public.actp_approval_queue (id),
  version integer not null,
  type text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (approval_id, version)
);
alter table public.actp_approval_events enable row level security;
revoke insert, update, delete, truncate on public.actp_approval_events from service_role;

-- Telegram may deliver an update twice: the second one must find the first in the same transaction as its effect.
create table public.actp_telegram_updates (
  update_id bigint primary key,
  seen_at timestamptz not null default clock_timestamp()
);
alter table public.actp_telegram_updates enable row level security;
revoke insert, update, delete, truncate on public.actp_telegram_updates from service_role;

-- The message in which a person is asked. Only the newest one may decide: a card whose sending was not confirmed may
-- exist twice.
create table public.actp_approval_cards (
  approval_id uuid primary key references public.actp_approval_queue (id),
  chat_id text not null,
  message_id bigint not null,
  -- The version that the card shows, and how many reminders were sent.
  shown_version integer not null,
  reminders integer not null default 0,
  sent_at timestamptz not null default clock_timestamp()
);
alter table public.actp_approval_cards enable row level security;
revoke insert, update, delete, truncate on public.actp_approval_cards from service_role;
