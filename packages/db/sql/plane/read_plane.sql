-- What the auditor compares its anchor with.
create or replace function public.read_plane() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'plane_id', p.plane_id, 'epoch', p.epoch, 'total', actp_audit.audit_total(), 'anchored', p.anchored_rows is not null,
    'brand_new', p.made_empty and p.anchored_rows is null, 'confirmed', p.confirmed_for is not distinct from actp_audit.plane_mark(),
    'accepted', p.accepted_at is not null, 'anchor_problem', p.anchor_problem,
    'held', public.plane_hold(), 'signing_key', p.signing_key)
  from actp_audit.plane p;
$$;

comment on function public.read_plane() is
  'Returns how far the database has come, and whether it is held.';

revoke all on function public.read_plane() from public, anon, authenticated, service_role;
grant execute on function public.read_plane() to actp_auditor, actp_cli;
