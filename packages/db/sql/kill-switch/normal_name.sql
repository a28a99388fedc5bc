-- Names as they are compared: compatibility characters folded, no space around, no case (of ASCII, whatever the locale).
-- packages/policy/src/kill-switch.ts does the same; a test holds them together.
create or replace function public.normal_name(p_name text) returns text
language sql
immutable
set search_path = ''
as $$
  select lower(btrim(normalize(p_name, NFKC), E' \t\n\x0b\f\r\u1680\u2028\u2029\ufeff') collate "C");
$$;

comment on function public.normal_name(text) is
  'Normalises the name of an agent or an action for comparison.';

revoke all on function public.normal_name(text) from public, anon, authenticated, service_role;
