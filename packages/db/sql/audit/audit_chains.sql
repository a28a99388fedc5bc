-- Every chain there is to look at, by what the lanes say and by what rows there are: [{day, lane}].
create or replace function public.audit_chains() returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_day date;
  v_found jsonb;
  v_all jsonb := '[]';
begin
  for v_day in
    select l.day from actp_audit.lanes l
    union
    select to_date(right(c.relname, 8), 'YYYYMMDD') from pg_catalog.pg_class c
    join pg_catalog.pg_namespace s on s.oid = c.relnamespace
    where s.nspname = 'actp_audit' and c.relkind = 'r' and c.relname ~ '^log_[0-9]{8}$'
    union
    select (o.created_at at time zone 'UTC')::date from actp_audit.log_other o
    order by 1
  loop
    execute format($query$
      with recursive used (lane) as (
        select min(a.chain_lane) from public.actp_agent_audit_log a where a.created_at >= %1$L and a.created_at < %2$L
        union all
        select (select min(a.chain_lane) from public.actp_agent_audit_log a
                where a.created_at >= %1$L and a.created_at < %2$L and a.chain_lane > u.lane)
        from used u where u.lane is not null
      )
      select jsonb_agg(jsonb_build_object('day', $1, 'lane', b.lane) order by b.lane) from (
        select u.lane from used u where u.lane is not null
        union
        select l.lane from actp_audit.lanes l where l.day = $1 and l.seq > 0) b
    $query$, v_day::timestamp at time zone 'UTC', (v_day + 1)::timestamp at time zone 'UTC')
    into v_found using v_day;
    v_all := v_all || coalesce(v_found, '[]');
  end loop;
  return v_all;
end;
$$;

comment on function public.audit_chains() is
  'Lists every chain (day and lane) that has to be verified.';

revoke all on function public.audit_chains() from public, anon, authenticated, service_role;
grant execute on function public.audit_chains() to actp_gateway, actp_auditor, actp_cli;
