create or replace function public.operator_json(u public.actp_users) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', u.id,
    'email', u.email,
    'name', u.name,
    'state', case
      when u.disabled_at is not null then 'disabled'
      when u.password_hash is not null then 'active'
      when u.invite_expires_at > clock_timestamp() then 'invited'
      else 'invite_expired' end,
    'telegram_id', (
      select l.telegram_id from public.actp_telegram_links l where l.user_id = u.id and l.unlinked_at is null),
    'created_at', u.created_at,
    'invite_expires_at', u.invite_expires_at);
$$;

comment on function public.operator_json(public.actp_users) is
  'Converts the account of an operator to the JSON that callers get.';

revoke all on function public.operator_json(public.actp_users) from public, anon, authenticated, service_role;
