-- Limits per action count under a name with one kind of separator (`post:bulk_send` is `post.bulk.send`). What was counted under another
-- spelling goes on being counted.
with renamed as (
  select u.grant_id, u.counter,
    left(u.counter, 33) || regexp_replace(substr(u.counter, 34), '[._:/-]+', '.', 'g') as joined
  from public.actp_limit_uses u
  join public.actp_limit_grants g on g.id = u.grant_id
  where u.counter ~ '^[0-9a-f]{32}:.*[_:/-]'
    and substr(u.counter, 34) = lower(btrim(normalize(g.action, NFKC), E' \t\n\x0b\f\r\u1680\u2028\u2029\ufeff') collate "C")
)
update public.actp_limit_uses u
set counter = r.joined
from renamed r
where u.grant_id = r.grant_id and u.counter = r.counter and u.counter <> r.joined
  and not exists (
    select from public.actp_limit_uses other where other.grant_id = r.grant_id and other.counter = r.joined);
