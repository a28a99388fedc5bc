create or replace function actp_audit.link(p_before bytea, p_canonical text) returns bytea
language plpgsql
immutable parallel safe
as $$ begin return sha256(p_before || convert_to(p_canonical, 'UTF8')); end $$;

comment on function actp_audit.link(bytea, text) is
  'Returns the hash of a row: SHA-256 of the previous hash followed by the text of the row.';

revoke all on function actp_audit.link(bytea, text) from public, anon, authenticated, service_role;
