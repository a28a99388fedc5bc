-- Only who really asked is excluded, whichever way that person acts: a name that an agent, or another program, has written excludes nobody.
create or replace function public.asked_for_itself(a public.actp_approval_queue, p_actor text) returns boolean
language sql
stable
set search_path = ''
as $$
  select a.source is distinct from 'direct' and (p_actor = public.approval_asker(a)
    or coalesce(public.person_of(p_actor) = public.person_of(public.approval_asker(a)), false)
    -- Whose task it is, should the account have become an operator's meanwhile.
    or (a.source = 'plane' and coalesce(public.person_of(p_actor) = public.person_of(
      regexp_replace(a.requested_by, '^user:', 'operator:')), false)));
$$;

comment on function public.asked_for_itself(public.actp_approval_queue, text) is
  'Returns true if this actor asked for the approval, and so must not decide it.';

revoke all on function public.asked_for_itself(public.actp_approval_queue, text) from public, anon, authenticated, service_role;
