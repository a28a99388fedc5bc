-- What the supply-chain review has found, and how far it could look. The id is made of what a finding is about, so that the same fault is the
-- same row in every run.
create table public.actp_findings (
  id uuid primary key,
  project text not null check (char_length(project) between 1 and 100),
  kind text not null check (char_length(kind) between 1 and 50),
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  package text check (char_length(package) <= 300),
  version text check (char_length(version) <= 200),
  path text check (char_length(path) <= 1000),
  title text not null check (char_length(title) <= 500),
  detail text not null default '' check (char_length(detail) <= 4000),
  state text not null default 'open' check (state in ('open', 'fixed', 'accepted')),
  -- The sources that saw it when they last could look. Fixed is what none of them sees any more.
  seen_by text[] not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  fixed_at timestamptz
);
create index actp_findings_newest on public.actp_findings (first_seen_at desc, id desc);
create index actp_findings_open on public.actp_findings (project) where state <> 'fixed';
alter table public.actp_findings enable row level security;

-- The last look of each source at each project.
create table public.actp_reviews (
  project text not null check (char_length(project) between 1 and 100),
  source text not null check (char_length(source) between 1 and 50),
  verdict text not null check (verdict in ('clean', 'findings', 'unavailable')),
  reason text check (char_length(reason) <= 1000),
  started_at timestamptz not null,
  finished_at timestamptz not null default clock_timestamp(),
  primary key (project, source)
);
alter table public.actp_reviews enable row level security;

-- Findings that an operator accepts for some time, as the file of accepted findings said when it was last read.
create table public.actp_accepted_findings (
  finding_id uuid primary key,
  reason text not null check (char_length(reason) between 1 and 1000),
  until timestamptz not null,
  accepted_at timestamptz not null default clock_timestamp()
);
alter table public.actp_accepted_findings enable row level security;

-- The packages that lock files named, with what was first known of each version: another content under the same version is a finding.
create table public.actp_reviewed_packages (
  project text not null check (char_length(project) between 1 and 100),
  ecosystem text not null check (char_length(ecosystem) between 1 and 20),
  name text not null check (char_length(name) between 1 and 300),
  version text not null check (char_length(version) <= 200),
  facts jsonb not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  primary key (project, ecosystem, name, version)
);
alter table public.actp_reviewed_packages enable row level security;
