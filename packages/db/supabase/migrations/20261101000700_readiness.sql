-- One cheap call that shows that the database answers, and what it knows of the parts that report through leases.
create function public.plane_readiness() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'telegram_polling', exists (
      select 1 from public.actp_leases l
      where l.name = 'telegram-poller' and l.expires_at > clock_timestamp()));
$$;
