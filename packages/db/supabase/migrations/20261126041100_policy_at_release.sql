-- Who decides and who redeems brings what the policy in force says, and who reports an outcome whether a person confirms it: these
-- functions take one argument more.
drop function if exists public.redeem_approval(uuid, text, jsonb, jsonb);
drop function if exists public.decide_approval(uuid, text, text, text, text, jsonb, jsonb);
drop function if exists public.press_approval(uuid, text, boolean, text, text, jsonb, jsonb);
drop function if exists public.record_outcome(uuid, text, jsonb, jsonb, boolean);

-- What the guard was told of the cost: limits and conditions that read it need it again when the permission is handed out.
alter table public.actp_approval_queue add column cost_usd double precision check (cost_usd >= 0);

-- Work that the guard allowed under an Idempotency-Key: the same key is the same work, which is allowed once.
alter table public.actp_limit_grants
  add column idempotency_key text check (char_length(idempotency_key) <= 255),
  add column request_digest text check (char_length(request_digest) = 64),
  add constraint digest_of_a_key check ((idempotency_key is null) or (request_digest is not null));
create unique index actp_limit_grants_work on public.actp_limit_grants (agent, idempotency_key)
  where idempotency_key is not null;
