-- A lease says which one of several copies may do a thing now: poll Telegram, run the self-test. It ends by itself, on
-- the database's clock, when its holder is gone.
create table public.actp_leases (
  name text primary key,
  holder text not null,
  expires_at timestamptz not null
);

alter table public.actp_leases enable row level security;

-- True when the holder has the lease for the next p_seconds: free, expired, or already the holder's.
create function public.acquire_lease(p_name text, p_holder text, p_seconds integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_leases as l (name, holder, expires_at)
  values (p_name, p_holder, clock_timestamp() + make_interval(secs => p_seconds))
  on conflict (name) do update
    set holder = excluded.holder, expires_at = excluded.expires_at
    where l.holder = excluded.holder or l.expires_at <= clock_timestamp();
  return found;
end;
$$;

create function public.release_lease(p_name text, p_holder text) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.actp_leases where name = p_name and holder = p_holder;
  return found;
end;
$$;
