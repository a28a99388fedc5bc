-- Notes what lock files name now, and returns what was known of these names before: other versions, and the first facts of the same ones. What
-- was not known at first is filled in later, and then stays.
-- Called in pieces for large lock files.
create or replace function public.note_reviewed_packages(p_project text, p_ecosystem text, p_packages jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_known jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('name', k.name, 'version', k.version, 'facts', k.facts,
    'first_seen_at', k.first_seen_at)), '[]') into v_known
  from public.actp_reviewed_packages k
  where k.project = p_project and k.ecosystem = p_ecosystem
    and k.name in (select p.name from jsonb_to_recordset(p_packages) as p (name text));

  insert into public.actp_reviewed_packages as k (project, ecosystem, name, version, facts)
  select distinct on (p.name, p.version) p_project, p_ecosystem, p.name, p.version, p.facts
  from jsonb_to_recordset(p_packages) as p (name text, version text, facts jsonb)
  order by p.name, p.version
  on conflict (project, ecosystem, name, version) do update
    set last_seen_at = clock_timestamp(), facts = excluded.facts || jsonb_strip_nulls(k.facts);
  return v_known;
end;
$$;

comment on function public.note_reviewed_packages(text, text, jsonb) is
  'Notes the packages of a lock file, and returns what was known of them before.';

revoke all on function public.note_reviewed_packages(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.note_reviewed_packages(text, text, jsonb) to actp_inspector, actp_cli;
