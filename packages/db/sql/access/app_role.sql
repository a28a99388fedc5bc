-- The key is compared by its hash: neither the table nor a copy of the database holds what an app shows.
create or replace function actp_access.app_role(p_app text, p_key text) returns text
language sql
stable
security definer
set search_path = ''
as $$
  select 'actp_' || k.app from actp_access.app_keys k
  where k.key_hash = sha256(convert_to(p_key, 'UTF8')) and k.app = p_app;
$$;

comment on function actp_access.app_role(text, text) is
  'Returns the database role of the app that holds this key, or null.';

revoke all on function actp_access.app_role(text, text) from public, anon, authenticated, service_role;
grant execute on function actp_access.app_role(text, text) to anon, authenticated, service_role;
