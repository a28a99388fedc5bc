create or replace function public.session_person(p_id uuid, p_kind text) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role)
  from public.actp_sessions s join public.actp_users u on u.id = s.user_id
  where s.id = p_id and s.kind = p_kind and s.ended_at is null and s.expires_at > clock_timestamp()
    and u.role = s.role and u.disabled_at is null and u.password_hash is not null;
$$;

comment on function public.session_person(uuid, text) is
  'Returns the person of a live session of this kind, or null.';

revoke all on function public.session_person(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.session_person(uuid, text) to actp_gateway;
