-- Compares the anchor with the database, and ends the hold when it is neither behind it nor another. p_anchor: {plane_id, epoch, total, heads};
-- null: there is none, and this database may become its first. Gives {result: confirmed | other_plane | behind}. The auditor has checked the
-- anchor's signature and its own key before.
create or replace function public.confirm_plane(p_anchor jsonb, p_signing_key text) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  p actp_audit.plane;
  v_head jsonb;
begin
  select * into strict p from actp_audit.plane for update;
  if p.signing_key is distinct from p_signing_key and p.signing_key is not null then
    return jsonb_build_object('result', 'signing_key');
  end if;
  -- What is missing in an append-only log does not come back: only another database, or an operator's word, ends this.
  if p.held_code = 'behind' then
    return jsonb_build_object('result', 'behind');
  end if;
  if jsonb_typeof(p_anchor) = 'object' then
    if p.plane_id::text is distinct from p_anchor ->> 'plane_id' then
      return jsonb_build_object('result', 'other_plane');
    end if;
    if p.epoch < (p_anchor ->> 'epoch')::integer or actp_audit.audit_total() < (p_anchor ->> 'total')::bigint then
      return jsonb_build_object('result', 'behind');
    end if;
    for v_head in select jsonb_array_elements(p_anchor -> 'heads') loop
      if not actp_audit.holds_anchored_head(v_head) then
        return jsonb_build_object('result', 'behind');
      end if;
    end loop;
  -- Another auditor has compared, and this one keeps an anchor of its own from here on. Or an operator has accepted this copy, and a crash
  -- came before the anchor that would say so.
  elsif p.anchored_rows is not null and p.accepted_at is null and (p.held_code is not null or p.confirmed_for is distinct from actp_audit.plane_mark()) then
    return jsonb_build_object('result', 'behind');
  end if;
  if p.held_code is not null then
    perform public.audit_change('plane.confirmed', 'ok', 'plane', jsonb_build_object('was_held', p.held_code), '{}');
  end if;
  update actp_audit.plane set
    confirmed_for = actp_audit.plane_mark(), signing_key = p_signing_key,
    held_code = null, held_reason = null, held_at = null, held_stopped = null, held_epoch = null;
  return jsonb_build_object('result', 'confirmed');
end;
$$;

comment on function public.confirm_plane(jsonb, text) is
  'Ends the held state when the database holds everything that the anchor names.';

revoke all on function public.confirm_plane(jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.confirm_plane(jsonb, text) to actp_auditor;
