-- Takes a task up. Gives {result: claimed | waiting | busy | later | over | not_found, work}. later: so many tasks of this user are being worked on
-- already (p_per_user; others want their turn), or an operator has stopped the executor. Whatever ends it before anything is done, ends it here:
-- an account that may not ask any more, a decision that says no, an approval that was not used in time, an executor that dies each time.
create or replace function public.claim_task(
  p_id uuid, p_holder text, p_seconds integer, p_per_user integer
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks;
  a public.actp_approval_queue;
  v_now timestamptz;
  v_no jsonb;
  v_event text := 'fail';
begin
  if (p_seconds between 1 and 3600) is not true then
    raise exception 'p_seconds must be from 1 to 3600' using errcode = 'invalid_parameter_value';
  end if;
  select * into t from public.actp_tasks q where q.id = p_id for update;
  v_now := clock_timestamp();
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if t.ended_at is not null then
    return jsonb_build_object('result', 'over');
  end if;
  if t.held_until > v_now then
    return jsonb_build_object('result', 'busy');
  end if;
  if t.status = 'queued' then
    -- One after the other, or all that come at the same moment would find room.
    perform pg_advisory_xact_lock(hashtextextended('actp.tasks:' || t.user_id, 0));
    v_now := clock_timestamp();
  end if;
  if exists (select from public.actp_kill_switches k where k.lifted_at is null and k.scope = 'agent:executor')
    or (t.status = 'queued' and p_per_user <= (
      select count(*) from public.actp_tasks q where q.user_id = t.user_id and q.holder is not null and q.held_until > v_now))
  then
    update public.actp_tasks q set due_at = v_now + interval '5 seconds' where q.id = p_id;
    return jsonb_build_object('result', 'later');
  end if;
  if not exists (select from public.actp_users u where u.id = t.user_id and u.disabled_at is null) then
    v_no := jsonb_build_object('error_code', 'account_ended', 'error', 'the account of who asked has ended');
  elsif t.claims >= 20 then
    v_no := jsonb_build_object('error_code', 'gave_up', 'error', 'it was taken up twenty times and never got on');
  elsif t.status = 'awaiting_approval' then
    select * into strict a from public.actp_approval_queue q where q.id = t.approval_id;
    if a.status = 'pending' and a.expires_at > v_now then
      update public.actp_tasks q set due_at = a.expires_at where q.id = p_id;
      return jsonb_build_object('result', 'waiting');
    elsif a.status = 'rejected' then
      v_event := 'reject';
      v_no := jsonb_build_object('error_code', 'approval_rejected', 'error',
        concat_ws(': ', 'rejected by ' || coalesce(public.person_name(a.decided_by), a.decided_by), a.decision_reason));
    elsif a.status in ('expired', 'pending') then
      v_event := 'reject';
      v_no := jsonb_build_object('error_code', 'approval_expired', 'error', 'nobody decided in time, and no answer is a no');
    elsif a.status = 'cancelled' then
      v_event := 'cancel';
      v_no := jsonb_build_object('error_code', 'approval_cancelled', 'error', 'its approval was cancelled');
    elsif a.redeemed_at is null and (a.lapsed_at is not null or a.decided_at + make_interval(secs => a.grant_seconds) <= v_now) then
      v_no := jsonb_build_object('error_code', 'approval_lapsed', 'error', 'it was approved, and not used in time');
    end if;
  end if;
  if v_no is not null then
    perform public.end_task(p_id, v_event, v_no, coalesce(t.agent, 'executor'), public.task_context(t));
    return jsonb_build_object('result', 'over');
  end if;

  if t.status = 'queued' then
    t := public.note_task_step(p_id, 'start', 'started', null);
  elsif t.status = 'awaiting_approval' then
    t := public.note_task_step(p_id, 'resume', 'approved', jsonb_build_object('decided_by', a.decided_by));
  end if;
  update public.actp_tasks q
  set holder = p_holder, held_until = v_now + make_interval(secs => p_seconds), claims = t.claims + 1,
      due_at = v_now + make_interval(secs => p_seconds)
  where q.id = p_id
  returning q.* into strict t;
  return jsonb_build_object('result', 'claimed', 'work', public.task_work(t));
end;
$$;

comment on function public.claim_task(uuid, text, integer, integer) is
  'Gives a task to one executor for some seconds, or ends it when it may not go on.';

revoke all on function public.claim_task(uuid, text, integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_task(uuid, text, integer, integer) to actp_executor;
