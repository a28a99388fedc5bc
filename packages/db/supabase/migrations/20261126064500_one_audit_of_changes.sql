-- Two functions that did the same; audit_change does it for all.
drop function if exists public.audit_kill_switch(text, text, text, jsonb, jsonb);
drop function if exists public.audit_account(text, text, text, jsonb, jsonb);
