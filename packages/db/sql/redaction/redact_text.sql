-- Secrets of rows that other programs insert directly; rows of our own services were redacted before they came.
create or replace function actp_audit.redact_text(p_text text) returns text
language plpgsql
stable
as $$
declare
  v_plain text;
  v_clean text;
begin
  if p_text is null or not actp_audit.may_hold_secret(p_text) then
    return p_text;
  end if;
  -- Colours of a terminal stand between names and values. They are lost where there is a secret, and only there.
  v_plain := regexp_replace(p_text,
    '(?:\x1b|\\+(?:u001b|x1b|033|e)|\^\[)\[[0-9;:?]{0,32}[A-Za-z]|\[(?:[0-9]{1,3}(?:;[0-9]{1,3}){0,4}m(?:\[K)?|m\[K)', '', 'gi');
  v_clean := actp_audit.redact_named(actp_audit.redact_forms(v_plain));
  return case when v_clean = v_plain then p_text else v_clean end;
end;
$$;

comment on function actp_audit.redact_text(text) is
  'Replaces secrets in a text with [redacted:...].';

revoke all on function actp_audit.redact_text(text) from public, anon, authenticated, service_role;
