-- One message for all that is new at once: ten lines of it, the most severe first.
create or replace function public.announce_findings(p_heading text, p_ids uuid[]) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_lines text;
  v_count integer;
begin
  select string_agg(line, E'\n' order by place) filter (where place <= 10), count(*) into v_lines, v_count
  from (
    select '• ' || f.severity || ': ' || left(f.title, 300)
        || case when f.path is null then '' else ' (' || left(f.path, 200) || ')' end as line,
      row_number() over (order by case f.severity when 'critical' then 0 else 1 end, f.title, f.id) as place
    from public.actp_findings f
    where f.id = any (p_ids) and f.state = 'open' and f.severity in ('critical', 'high')
  ) shown;
  if v_count = 0 then
    return null;
  end if;
  return public.enqueue_notification('findings:' || gen_random_uuid(), 'review.findings',
    '🔴 ' || p_heading || E'\n' || v_lines
      || case when v_count > 10 then E'\n' || '... and ' || (v_count - 10) || ' more' else '' end
      || E'\n\n' || 'GET /v1/findings lists them, npm run review looks again.');
end;
$$;

comment on function public.announce_findings(text, uuid[]) is
  'Creates the message about those of these findings that are open and high or critical; returns its id, or null when there is none.';

revoke all on function public.announce_findings(text, uuid[]) from public, anon, authenticated, service_role;
