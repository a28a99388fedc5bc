-- The inspector calls the database in a role of its own, as every app does.
do $$
begin
  if not exists (select from pg_roles r where r.rolname = 'actp_inspector') then
    create role actp_inspector nologin noinherit;
  end if;
  if not exists (select from pg_auth_members m
    where m.roleid = 'actp_inspector'::regrole and m.member = 'authenticator'::regrole) then
    grant actp_inspector to authenticator;
  end if;
  grant usage on schema public to actp_inspector;
end $$;

alter table actp_access.app_keys drop constraint app_keys_app_check;
alter table actp_access.app_keys add constraint app_keys_app_check
  check (app in ('gateway', 'bot', 'scheduler', 'runner', 'auditor', 'executor', 'inspector', 'cli'));
