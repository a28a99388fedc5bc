-- What waits for a person, oldest first: never sent, or changed since.
create or replace function public.waiting_notifications(p_limit integer)
returns table (
  id uuid, kind text, dedupe_key text, body text, revision integer, message_id bigint, created_at timestamptz,
  waited_seconds double precision
)
language sql
stable
security definer
set search_path = ''
as $$
  select n.id, n.kind, n.dedupe_key, n.body, n.revision, n.message_id, n.created_at,
    extract(epoch from clock_timestamp() - n.created_at)::double precision
  from public.actp_notifications n
  where n.state = 'pending' or n.revision > n.sent_revision
  order by n.created_at, n.id
  limit least(p_limit, 500);
$$;

comment on function public.waiting_notifications(integer) is
  'Lists notifications that have not been delivered in their current revision, oldest first.';

revoke all on function public.waiting_notifications(integer) from public, anon, authenticated, service_role;
grant execute on function public.waiting_notifications(integer) to actp_bot;
