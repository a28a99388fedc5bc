-- /stop and /resume in Telegram: what a person was shown, and what its button therefore means. The id is in the button and
-- nowhere else, 122 random bits; it is bound to who gave the command and to the chat, for two minutes and for one press.
create table public.actp_kill_switch_commands (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('stop', 'lift')),
  scope text not null,
  -- Which switch is lifted: none that is set after it was shown.
  switch_id uuid references public.actp_kill_switches (id),
  reason text,
  actor text not null,
  chat_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  constraint lift_names_a_switch check ((kind = 'lift') = (switch_id is not null))
);
create index actp_kill_switch_commands_age on public.actp_kill_switch_commands (created_at);
alter table public.actp_kill_switch_commands enable row level security;
revoke all on public.actp_kill_switch_commands from service_role;

create function public.prepare_kill_switch(
  p_kind text, p_scope text, p_switch_id uuid, p_reason text, p_actor text, p_chat_id text
) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  perform public.assert_person(p_actor);
  -- Nobody needs them after two minutes.
  delete from public.actp_kill_switch_commands c where c.created_at < clock_timestamp() - interval '1 day';
  insert into public.actp_kill_switch_commands (kind, scope, switch_id, reason, actor, chat_id)
  values (p_kind, p_scope, p_switch_id, left(actp_audit.redact_text(p_reason), 500), p_actor, p_chat_id)
  returning id into v_id;
  return v_id;
end;
$$;

-- A pressed button. p_refusal is what already speaks against the press (a stranger, too late), p_confirmed is false for the
-- button that does nothing. Gives what set_kill_switch or lift_kill_switch give, or {result: dismissed | duplicate |
-- refused, refusal, scope}. Each update counts once, each button too.
create function public.press_kill_switch(
  p_id uuid, p_confirmed boolean, p_actor text, p_chat_id text, p_update_id bigint, p_refusal text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  c public.actp_kill_switch_commands;
  v_refusal text := p_refusal;
  v_answer jsonb;
begin
  insert into public.actp_telegram_updates (update_id) values (p_update_id) on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate');
  end if;
  select * into c from public.actp_kill_switch_commands k where k.id = p_id for update;
  v_refusal := coalesce(v_refusal, case
    when c.id is null then 'unknown'
    when c.actor is distinct from p_actor then 'not_yours'
    when c.chat_id is distinct from p_chat_id then 'other_chat'
    when c.done_at is not null then 'done'
    when c.created_at < clock_timestamp() - interval '2 minutes' then 'expired' end);
  if v_refusal is not null then
    perform public.audit_kill_switch('kill_switch.press', 'denied', p_actor,
      jsonb_build_object('refused', v_refusal, 'kind', c.kind, 'scope', c.scope), p_context);
    return jsonb_build_object('result', 'refused', 'refusal', v_refusal, 'scope', c.scope);
  end if;
  update public.actp_kill_switch_commands k set done_at = clock_timestamp() where k.id = p_id;
  if not p_confirmed then
    return jsonb_build_object('result', 'dismissed', 'scope', c.scope);
  end if;
  if c.kind = 'stop' then
    v_answer := public.set_kill_switch(c.scope, coalesce(c.reason, 'stopped in Telegram'), p_actor, p_context);
  else
    v_answer := public.lift_kill_switch(c.scope, c.switch_id, c.reason, p_actor, p_context);
  end if;
  return v_answer || jsonb_build_object('scope', c.scope);
end;
$$;
