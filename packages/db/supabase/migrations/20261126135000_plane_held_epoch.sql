-- The epoch of the anchor that a held database was compared with: accepting that database has to come after it.
alter table actp_audit.plane add column held_epoch integer;

-- It takes the whole anchor now.
drop function if exists public.hold_plane(text, text, jsonb);
