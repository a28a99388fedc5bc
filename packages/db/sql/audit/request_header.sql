-- Where a row comes from when its writer does not say: the request that PostgREST serves.
create or replace function actp_audit.request_header(p_name text) returns text
language sql
stable
as $$
  select nullif(current_setting('request.headers', true), '')::json ->> p_name
$$;

comment on function actp_audit.request_header(text) is
  'Returns a header of the HTTP request that PostgREST is serving, or null.';

revoke all on function actp_audit.request_header(text) from public, anon, authenticated, service_role;
