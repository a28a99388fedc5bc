-- People, not votes: two identities that have turned out to be one person count once, and nobody counts who may no longer act.
create or replace function public.count_votes(p_id uuid) returns integer
language sql
stable
security definer
set search_path = ''
as $$
  select least(count(distinct v.person), count(distinct coalesce(public.person_of(v.actor), v.actor)))::integer
  from public.actp_approval_votes v
  where v.approval_id = p_id and public.may_act(v.actor, null);
$$;

comment on function public.count_votes(uuid) is
  'Returns how many people have approved.';

revoke all on function public.count_votes(uuid) from public, anon, authenticated, service_role;
