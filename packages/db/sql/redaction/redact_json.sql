create or replace function actp_audit.redact_json(p_value jsonb, p_depth integer default 0) returns jsonb
language plpgsql
immutable
as $$
begin
  if p_depth > 32 then
    return '"[cut]"';
  end if;
  case jsonb_typeof(p_value)
    when 'string' then
      return to_jsonb(actp_audit.redact_text(p_value #>> '{}'));
    when 'array' then
      return coalesce((
        select jsonb_agg(actp_audit.redact_json(e.value, p_depth + 1) order by e.n)
        from jsonb_array_elements(p_value) with ordinality as e (value, n)), '[]');
    when 'object' then
      return coalesce((
        select jsonb_object_agg(actp_audit.redact_text(e.key), case
          when jsonb_typeof(e.value) = 'string' and e.value <> '""' and e.key ~*
            '(passw(or)?d|passphrase|secret|(?<!public[_-]?key[_-]?)token$|api[_-]?key|access[_-]?key|private[_-]?key|service[_-]?role[_-]?key|authorization|^cookie$|set-cookie|credential)'
          then to_jsonb('[redacted]'::text)
          else actp_audit.redact_json(e.value, p_depth + 1) end)
        from jsonb_each(p_value) as e), '{}');
    else
      return p_value;
  end case;
end;
$$;

comment on function actp_audit.redact_json(jsonb, integer) is
  'Replaces secrets in the strings, keys and sensitive fields of a JSON value.';

revoke all on function actp_audit.redact_json(jsonb, integer) from public, anon, authenticated, service_role;
