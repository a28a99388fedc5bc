-- Which files of packages/db/sql are in force here. Only the migrator, as the owner, reads and writes it; PostgREST does not
-- serve the schema.
create schema actp_migrations;
revoke all on schema actp_migrations from public;

create table actp_migrations.function_files (
  file text primary key,
  sha256 text not null,
  -- The newest migration of the release that applied the file: it tells an older release that the database is ahead of it.
  release text not null,
  applied_at timestamptz not null default now()
);

alter table actp_migrations.function_files enable row level security;
revoke all on actp_migrations.function_files from public, anon, authenticated, service_role;
