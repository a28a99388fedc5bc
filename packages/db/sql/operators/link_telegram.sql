-- Gives {result: linked | wrong | too_many | not_private | taken | duplicate, name}. A code is used up by whatever comes of it, also when
-- it was sent where others read it. Five wrong ones in 15 minutes, and the id has to wait.
create or replace function public.link_telegram(
  p_telegram_id bigint, p_code_hash bytea, p_private boolean, p_update_id bigint
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_context jsonb := jsonb_build_object('request_id', 'telegram-' || p_update_id, 'user_agent', 'Telegram');
  v_user public.actp_users;
  v_refusal text;
begin
  insert into public.actp_telegram_updates (update_id) values (p_update_id) on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('actp.telegram_links', 0));
  delete from public.actp_telegram_link_failures f where f.failed_at < v_now - interval '15 minutes';
  if (select count(*) from public.actp_telegram_link_failures f where f.telegram_id = p_telegram_id) >= 5 then
    v_refusal := 'too_many';
  else
    update public.actp_telegram_codes c set used_at = v_now
    from public.actp_users u
    where c.code_hash = p_code_hash and c.used_at is null and c.expires_at > v_now
      and u.id = c.user_id and u.role = 'operator' and u.disabled_at is null and u.password_hash is not null
    returning u.* into v_user;
    v_refusal := case
      when not found then 'wrong'
      when p_private is not true then 'not_private'
      when exists (
        select from public.actp_telegram_links l
        where l.telegram_id = p_telegram_id and l.unlinked_at is null and l.user_id is distinct from v_user.id)
      then 'taken' end;
  end if;
  if v_refusal is not null then
    if v_refusal = 'wrong' then
      insert into public.actp_telegram_link_failures (telegram_id, failed_at) values (p_telegram_id, v_now);
    end if;
    perform public.audit_change('operator.telegram_link', 'denied', 'telegram:' || p_telegram_id,
      jsonb_build_object('refused', v_refusal), v_context);
    return jsonb_build_object('result', v_refusal);
  end if;
  update public.actp_telegram_links l set unlinked_at = v_now
  where l.unlinked_at is null and (l.user_id = v_user.id or l.telegram_id = p_telegram_id);
  insert into public.actp_telegram_links (telegram_id, user_id, linked_at) values (p_telegram_id, v_user.id, v_now);
  perform public.audit_change('operator.telegram_link', 'ok', 'telegram:' || p_telegram_id,
    jsonb_build_object('operator', v_user.email, 'name', v_user.name), v_context);
  perform public.enqueue_notification('telegram-link:' || p_update_id, 'operator.telegram_linked',
    '🔗 Telegram id ' || p_telegram_id || ' now counts as operator ' || coalesce(v_user.name || ' (' || v_user.email || ')', v_user.email) || '.');
  return jsonb_build_object('result', 'linked', 'name', coalesce(v_user.name, v_user.email));
end;
$$;

comment on function public.link_telegram(bigint, bytea, boolean, bigint) is
  'Links a Telegram id to the operator whose code was sent, and writes the audit event and the notification.';

revoke all on function public.link_telegram(bigint, bytea, boolean, bigint) from public, anon, authenticated, service_role;
grant execute on function public.link_telegram(bigint, bytea, boolean, bigint) to actp_bot;
