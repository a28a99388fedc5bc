-- False for nearly all text: a mark of a provider, or a word that stands beside secrets.
create or replace function actp_audit.may_hold_secret(p_text text) returns boolean
language sql
stable
as $$
  select p_text ~*
    '(-----BEGIN|://\S*@|\d:[\w-]{30}|eyJ|sk-|bearer|basic|cookie|pass|pwd|secret|token|key|authorization|credential|auth|curl|http -|mysql|mariadb|docker login|podman login|atlasv1|\d\|[\w-]{27}|kind|wget|redis-cli|masterauth|jdbc|Q~|hooks\.slack)'
    or exists (select from actp_audit.secret_marks m where strpos(p_text, m.mark) > 0)
$$;

comment on function actp_audit.may_hold_secret(text) is
  'Fast check whether a text may contain a secret; false for nearly all text.';

revoke all on function actp_audit.may_hold_secret(text) from public, anon, authenticated, service_role;
