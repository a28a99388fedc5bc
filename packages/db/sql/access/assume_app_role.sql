-- PostgREST calls it at the beginning of every request, in the request's transaction. Not security definer: in such a function
-- Postgres refuses to change the role, and whom the caller may become is for authenticator's memberships to say.
create or replace function actp_access.assume_app_role() returns void
language plpgsql
as $$
declare
  v_headers jsonb := current_setting('request.headers', true)::jsonb;
  v_key text := v_headers ->> 'x-actp-app-key';
  v_role text;
begin
  if v_key is null then
    return;
  end if;
  -- The key alone opens nothing: it comes beside the project's own.
  if current_setting('role') = 'service_role' then
    v_role := actp_access.app_role(v_headers ->> 'x-actp-app', v_key);
  end if;
  if v_role is null then
    raise sqlstate 'PT401' using message = 'The app key is not registered in this database.';
  end if;
  perform pg_catalog.set_config('role', v_role, true);
end;
$$;

comment on function actp_access.assume_app_role() is
  'Gives a request the rights of the app whose key it carries; called by PostgREST before each request.';

revoke all on function actp_access.assume_app_role() from public, anon, authenticated, service_role;
grant execute on function actp_access.assume_app_role() to anon, authenticated, service_role;
