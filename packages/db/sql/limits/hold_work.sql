-- Until the end of the transaction nobody else begins the work that this key names: it is allowed once, or asked about once.
create or replace function public.hold_work(p_agent text, p_key text) returns void
language sql
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('actp.work:' || p_agent || ' ' || p_key, 0));
$$;

comment on function public.hold_work(text, text) is
  'Locks the work that an idempotency key of an agent names, for this transaction.';

revoke all on function public.hold_work(text, text) from public, anon, authenticated, service_role;
