-- Secrets by their own form. Rows of our own services were redacted before they came; this is for those that other
-- programs insert directly. Every pattern is bounded, or cannot begin twice in the same run of characters.
create or replace function actp_audit.redact_text(p_text text) returns text
language plpgsql
stable
as $$
declare
  m actp_audit.secret_marks;
begin
  if p_text is null or not actp_audit.may_hold_secret(p_text) then
    return p_text;
  end if;
  p_text := regexp_replace(p_text,
    '-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[^-]*(-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----)?', '[redacted:private-key]', 'g');
  p_text := regexp_replace(p_text, '(://[^\s:/?#@"''<>]*:)[^\s/?#"''<>@]+(?=@)', '\1[redacted:url-password]', 'g');
  p_text := regexp_replace(p_text, '(^|[^0-9])[0-9]{6,12}:[A-Za-z0-9_-]{30,60}(?![A-Za-z0-9_-])', '\1[redacted:telegram-token]', 'g');
  p_text := regexp_replace(p_text, '(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)*', '\1[redacted:jwt]', 'g');
  -- The longest mark says most: sk-ant- before sk-.
  for m in
    select * from actp_audit.secret_marks s where strpos(p_text, s.mark) > 0 order by length(s.mark) desc, s.mark
  loop
    p_text := regexp_replace(p_text, m.pattern, '\1[redacted:' || m.kind || ']', 'g');
  end loop;
  p_text := regexp_replace(p_text,
    '(^|[^A-Za-z0-9_-])(sk-|[srp]k_(live|test)_|whsec_|gh[pousr]_|github_pat_|gl(pat|ptt|dt|rt)-|xox[abeoprs]-|xapp-|AIza|ya29\.|npm_|gsk_|SG\.|sb(p|_secret|_publishable)_|hf_)[A-Za-z0-9_./+=-]{16,}',
    '\1[redacted:key]', 'g');
  p_text := regexp_replace(p_text, '(\m(bearer|basic)\s{1,3})(?!\[redacted)[A-Za-z0-9._~+/=-]{8,}', '\1[redacted:bearer]', 'gi');
  p_text := regexp_replace(p_text, '(\m(set-)?cookie:\s{0,3})(?!\[redacted)[^\r\n]+', '\1[redacted:cookie]', 'gi');
  p_text := regexp_replace(p_text,
    '(^|[^A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])', '\1[redacted:azure-client-secret]', 'g');
  p_text := regexp_replace(p_text, '(hooks\.slack\.com/(services|workflows|triggers)/)[A-Za-z0-9+/_-]{20,}', '\1[redacted:slack-webhook]', 'g');
  -- curl -u user:password
  p_text := regexp_replace(p_text,
    '(\mcurl\M[^\r\n]{0,200}\s(-u|--user)[ =]["'']?[^\s:"'']{1,128}:)(?!\[redacted|\$)[^\s"'']+', '\1[redacted:password]', 'gi');
  return regexp_replace(p_text,
    '((passw(or)?d|passphrase|[_-]pass|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|account[_-]?key|shared[_-]?access[_-]?key|encryption[_-]?key|signing[_-]?key|private[_-]?key|role[_-]?key|authorization|credentials?)([_-]?(key|id|value|hash|previous|secret|token)){0,2}\\?["'']?\s{0,3}(=>|:=|[=:])\s{0,3}\\?["'']?)(?!\[redacted|true|false|null|none|required|missing|invalid|expired|wrong|empty|unset|bearer|basic|\$|<|[0-9]{1,12}($|[^0-9A-Za-z]))[^\s"'',;&<>(){}[\]]{4,}',
    '\1[redacted]', 'gi');
end;
$$;

comment on function actp_audit.redact_text(text) is
  'Replaces secrets in a text with [redacted:...].';

revoke all on function actp_audit.redact_text(text) from public, anon, authenticated, service_role;
