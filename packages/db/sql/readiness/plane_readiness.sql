-- One cheap call that shows that the database answers, and what it knows of the parts that report through leases. It also
-- says that nobody polls Telegram, and that a message was refused for good (a wrong chat, a blocked bot), which no waiting
-- will cure; and that the anchor cannot be written.
create or replace function public.plane_readiness() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'telegram_polling', exists (
      select 1 from public.actp_leases l
      where l.name = 'telegram-poller' and l.expires_at > clock_timestamp()),
    'telegram_refuses', exists (
      select 1 from public.actp_notifications n
      where n.state = 'pending' and n.last_error like 'refused:%'),
    'anchor_unwritten', exists (select from actp_audit.plane p where p.anchor_problem is not null));
$$;

comment on function public.plane_readiness() is
  'Returns what the readiness check needs to know from the database.';

revoke all on function public.plane_readiness() from public, anon, authenticated, service_role;
grant execute on function public.plane_readiness() to actp_gateway, actp_runner;
