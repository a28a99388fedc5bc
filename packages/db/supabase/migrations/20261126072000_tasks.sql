-- What people ask for in words, what came of it, and the effects outside that belong to it.
create table public.actp_tasks (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  -- Without secrets.
  prompt text not null check (char_length(prompt) between 1 and 20000),
  status text not null default 'queued'
    check (status in ('queued', 'running', 'awaiting_approval', 'succeeded', 'failed', 'rejected', 'cancelled')),
  agent text check (char_length(agent) between 1 and 128),
  -- What the agent is going to do: {agent, input, facts, effects}. Written once.
  plan jsonb,
  result jsonb,
  error text check (char_length(error) <= 2000),
  error_code text check (char_length(error_code) <= 64),
  -- Cents.
  max_spend_minor bigint not null check (max_spend_minor >= 0),
  cost_minor bigint check (cost_minor >= 0),
  approval_id uuid references public.actp_approval_queue (id),
  -- Which executor works on it, and until when.
  holder text,
  held_until timestamptz,
  -- When somebody has to look at it next.
  due_at timestamptz not null default clock_timestamp(),
  -- How often it was taken up since it last got on.
  claims integer not null default 0,
  ip_address inet,
  user_agent text,
  request_id text,
  idempotency_key text,
  request_digest text,
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint ended_when_over
    check ((ended_at is not null) = (status in ('succeeded', 'failed', 'rejected', 'cancelled'))),
  constraint held_by_somebody check ((holder is null) = (held_until is null))
);
alter table public.actp_tasks enable row level security;
create unique index actp_tasks_idempotency on public.actp_tasks (user_id, idempotency_key) where idempotency_key is not null;
create index actp_tasks_of on public.actp_tasks (user_id, created_at desc, id desc);
create index actp_tasks_due on public.actp_tasks (due_at) where ended_at is null;
create index actp_tasks_approval on public.actp_tasks (approval_id) where approval_id is not null;

-- One row for each version of a task: what happened.
create table public.actp_task_steps (
  task_id uuid not null references public.actp_tasks (id),
  version integer not null,
  name text not null check (char_length(name) between 1 and 64),
  status text not null,
  facts jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  primary key (task_id, version)
);
alter table public.actp_task_steps enable row level security;

-- Reserved before the first attempt. The key is made of what the effect is for the business, and is the service's idempotency key, too.
create table public.actp_task_effects (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references public.actp_tasks (id),
  -- Its place in the plan.
  place integer not null check (place >= 0),
  kind text not null check (char_length(kind) between 1 and 64),
  action text not null,
  key text not null unique check (char_length(key) between 16 and 255),
  -- What every attempt sends.
  payload jsonb not null,
  -- Cents that a payment takes.
  amount_minor bigint not null default 0 check (amount_minor >= 0),
  state text not null default 'reserved' check (state in ('reserved', 'done', 'not_done', 'unknown')),
  approval_id uuid not null references public.actp_approval_queue (id),
  grant_id uuid not null unique,
  attempts integer not null default 0,
  key_kept_seconds integer not null check (key_kept_seconds between 0 and 31536000),
  first_attempt_at timestamptz,
  reference text check (char_length(reference) <= 512),
  facts jsonb not null default '{}',
  reason text check (char_length(reason) <= 2000),
  resolved_by text,
  reserved_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  unique (task_id, place),
  constraint settled_when_known check ((settled_at is null) = (state in ('reserved', 'unknown')))
);
alter table public.actp_task_effects enable row level security;

-- What was bought with PAYMENT_PROVIDER=ledger.
create table public.actp_ledger (
  id uuid primary key default gen_random_uuid(),
  effect_id uuid not null unique references public.actp_task_effects (id),
  task_id uuid not null,
  user_id uuid not null,
  asset_id text not null,
  quantity numeric not null check (quantity > 0),
  unit_price_usd numeric not null check (unit_price_usd >= 0),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  created_at timestamptz not null default clock_timestamp()
);
alter table public.actp_ledger enable row level security;
create index actp_ledger_of on public.actp_ledger (user_id, created_at desc);

revoke all on public.actp_tasks, public.actp_task_steps, public.actp_task_effects, public.actp_ledger
  from public, anon, authenticated, service_role;
