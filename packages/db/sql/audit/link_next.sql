-- The hashes of rows one after the other, as a window function; the first argument is the hash before the first row.
create or replace function actp_audit.link_next(p_state bytea, p_first bytea, p_canonical text) returns bytea
language plpgsql
immutable parallel safe
as $$ begin return sha256(coalesce(p_state, p_first) || convert_to(p_canonical, 'UTF8')); end $$;

comment on function actp_audit.link_next(bytea, bytea, text) is
  'Transition function of the aggregate actp_audit.chain, which hashes rows one after the other.';

revoke all on function actp_audit.link_next(bytea, bytea, text) from public, anon, authenticated, service_role;
