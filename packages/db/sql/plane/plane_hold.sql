-- Null: this database may release. Else {code, reason, since}. Asked in the transaction of whatever releases or decides. Every database is
-- held from its first moment, also a new one: where another plane was, what was stopped there is stopped here before anything is released.
-- So is one that has lost the row itself.
create or replace function public.plane_hold() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when p.held_code is not null then jsonb_build_object('code', p.held_code, 'reason', p.held_reason, 'since', p.held_at)
    when p.confirmed_for is distinct from actp_audit.plane_mark() then jsonb_build_object(
      'code', 'unconfirmed', 'since', pg_postmaster_start_time(),
      'reason', 'the database was started or put back, and the auditor has not yet compared it with the anchor')
  end
  from (select) always left join actp_audit.plane p on true;
$$;

comment on function public.plane_hold() is
  'Returns why nothing may be released or decided, or null.';

revoke all on function public.plane_hold() from public, anon, authenticated, service_role;
grant execute on function public.plane_hold() to actp_gateway, actp_bot, actp_cli;
