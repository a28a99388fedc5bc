-- It takes the epoch of what was compared now.
drop function if exists public.hold_plane(text, text, jsonb);
