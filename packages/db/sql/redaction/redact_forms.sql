-- Secrets by their own form: the marks of providers, keys, headers. Every pattern is bounded, or cannot begin twice in the same run of
-- characters.
create or replace function actp_audit.redact_forms(p_text text) returns text
language plpgsql
stable
as $$
declare
  m actp_audit.secret_marks;
begin
  p_text := regexp_replace(p_text,
    '-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(?:[^-]|-(?!----))*(-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----)?', '[redacted:private-key]', 'g');
  p_text := regexp_replace(p_text, '(^|[^0-9])[0-9]{6,12}:[A-Za-z0-9_-]{30,60}(?![A-Za-z0-9_-])', '\1[redacted:telegram-token]', 'g');
  p_text := regexp_replace(p_text, '(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)*', '\1[redacted:jwt]', 'g');
  -- The longest mark says most: sk-ant- before sk-.
  for m in
    select * from actp_audit.secret_marks s where strpos(p_text, s.mark) > 0 order by length(s.mark) desc, s.mark
  loop
    p_text := regexp_replace(p_text,
      -- The end of an escape is no part of the word behind it.
      replace(m.pattern, '(^|[^A-Za-z0-9_-])', '(^|[^A-Za-z0-9_-]|\\[nrt]|%[0-9A-Fa-f]{2})'), '\1[redacted:' || m.kind || ']', 'g');
  end loop;
  p_text := regexp_replace(p_text,
    '(^|[^A-Za-z0-9_-])(sk-|[srp]k_(live|test)_|whsec_|gh[pousr]_|github_pat_|gl(pat|ptt|dt|rt)-|xox[abeoprs]-|xapp-|AIza|ya29\.|npm_|gsk_|SG\.|sb(p|_secret|_publishable)_|hf_)[A-Za-z0-9_./+=-]{16,}',
    '\1[redacted:key]', 'g');
  p_text := regexp_replace(p_text, '(\m(bearer|basic)\s{1,3})(?!\s*\[redacted)[A-Za-z0-9._~+/=-]{8,}', '\1[redacted:bearer]', 'gi');
  p_text := regexp_replace(p_text, '(\m(set-)?cookie\\?["'']?:\s{0,3}\\?["'']?)(?!\s*\[redacted)[^\r\n"'']+', '\1[redacted:cookie]', 'gi');
  p_text := regexp_replace(p_text,
    '(^|[^A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{28,36}(?![A-Za-z0-9_~.-])', '\1[redacted:azure-client-secret]', 'g');
  p_text := regexp_replace(p_text, '(hooks\.slack\.com/(services|workflows|triggers)/)[A-Za-z0-9+/_-]{20,}', '\1[redacted:slack-webhook]', 'g');
  p_text := regexp_replace(p_text, '(^|[^A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}', '\1[redacted:terraform-token]', 'g');
  p_text := regexp_replace(p_text, '((?:^|[^0-9])[0-9]{15,16}\|)[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])', '\1[redacted:facebook-access-token]', 'g');
  -- A key in the place of a name.
  p_text := regexp_replace(p_text,
    '(://)(?=[^\s:/@]*(?:[0-9]|[a-z][A-Z]))(?=[^\s:/@]*[A-Za-z])[A-Za-z0-9_.~-]{16,255}(?=(?::(?:x|X|x-oauth-basic|api_token)?)?@)',
    '\1[redacted:url-token]', 'g');
  return p_text;
end;
$$;

comment on function actp_audit.redact_forms(text) is
  'Replaces secrets that have a form of their own.';

revoke all on function actp_audit.redact_forms(text) from public, anon, authenticated, service_role;
