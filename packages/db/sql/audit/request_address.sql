create or replace function actp_audit.request_address() returns inet
language plpgsql
stable
as $$
begin
  return coalesce(
    trim(split_part(actp_audit.request_header('x-forwarded-for'), ',', 1))::inet,
    host(inet_client_addr())::inet, '127.0.0.1'::inet);
exception when invalid_text_representation then
  return coalesce(host(inet_client_addr())::inet, '127.0.0.1'::inet);
end;
$$;

comment on function actp_audit.request_address() is
  'Returns the client address of the HTTP request that PostgREST is serving, or of the connection.';

revoke all on function actp_audit.request_address() from public, anon, authenticated, service_role;
