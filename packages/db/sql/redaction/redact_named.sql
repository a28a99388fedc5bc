-- Secrets that a name, a header, an address or a command tells. In each pattern group 1 stays and group 2 is the secret; a value that
-- was found once and is no word is taken out wherever else it stands in the text.
create or replace function actp_audit.redact_named(p_text text) returns text
language plpgsql
stable
as $$
declare
  -- A name, and what may stand between it and its value.
  v_name constant text := '(?:passw(?:or)?ds?|passphrase|passcode|(?:\m|_|-|pg|smtp)pass|pwd|secret|(?<!public[_-]?key[_-]?)token|api[_-]?key|access[_-]?key|account[_-]?key|encryption[_-]?key|signing[_-]?key|private[_-]?key|role[_-]?key|snyk[_-]key|x-[a-z]+-key|credentials?)(?:[_-]?(?:key|id|value|hash|previous|secret|token|text|[0-9]{1,3})){0,2}';
  v_quote constant text := '(?:\\{0,7}["''`]|%22|&quot;|\\+u0022)';
  v_sign constant text := '(?:\]|\[[a-z0-9_]{0,8}\])?[ \t]{0,3}(?:=>|:{1,3}=|\?\?=?|\?[=:]|\|\|=?|\+?=(?!=)|<-|:(?![:/])|%3[ad]|\\+u003[ad])[ \t]{0,6}';
  v_type constant text := '\??[ \t]{0,3}(?::[ \t]{0,3})?(?:[&*]|\[\])?(?:''[a-z]+ )?[a-z][a-z0-9_.<>|?& ]*(?:\[[a-z0-9_]*\])?[ \t]{0,3}:?=(?![=~])[ \t]{0,3}';
  -- What makes a value, or leads to it: Some(, Secret::new(, a tag of YAML, a line end.
  v_lead constant text := '(?:!!str |&[\w-]+ )?(?:[(\\]?[ \t]{0,4}\r?\n[ \t]+)?(?:\[\s{0,8})?(?:(?:new |&|\[\])?(?:some|ok|just|string|secret|secretstr|secretstring|optional|byte|box|zeroizing)(?:(?:::|\.)(?:new|from|of))?\(\s{0,8}){0,3}(?:[a-z]{1,2}#{0,3}|[@$]{1,2})?';
  -- What stands for a secret, and what is none.
  v_none constant text := '(?!\s*\[redacted|\$\{[^}]*\}\s*(?:["''`<]|$)|\$[a-z_(]+[^a-z0-9_]|\{\{[^}]*\}\}|\{[\w.]*\}|<[a-z -]+>|(?:/[a-z_.-]+){2,}|(?:ssm|vault|op|arn|https?|file|s3):|[a-z]+/[a-z]+/[a-z/]+|projects/|(?:true|false|null|none|required|optional|missing|invalid|expired|wrong|empty|unset|bearer|basic|token|password|secret|string|str|undefined|failed|include|omit|same-origin) ?(?:[^a-z0-9_]|$)|\*{3,}|your[_-])';
  v_bare constant text := '[^\s"''`,;&<>(){}[\]|]';
  v_patterns constant text[] := array[
    -- Addresses, and keys in the place of a name.
    ['%://%@%', '(://[^\s:/?#@"''<>]*:)(?!/|[0-9]{1,5}(?:[/?#\s]|$)|\[redacted|\$\{[^}]*\}|\{\{|<)([^\s"''<>`]{1,200})(?=@[a-z0-9_.%-])'],
    ['%jdbc:oracle%', '(jdbc:oracle:\w{3,5}:\w+/)(?!\s*\[redacted)([^\s"'']{3,})(?=@)'],
    ['%curl%¦%wget%¦%http%-a%', '(\m(?:curl|wget|http)\M[^\r\n]{0,80}\s(?:-u|--user|--proxy-user|-a)[ =]?["'']?)(?=[^\s:"'']*[0-9])(?![$<])([a-z0-9_.~+=-]{16,})(?=:)'],
    ['%curl%¦%wget%¦%http%-a%', '(\m(?:curl|wget|http)\M[^\n]{0,80}\s?(?:\n[^\n]{0,20})?\s(?:-u|--user|--proxy-user|-a)[ =]?["'']?[^\s:"'']*:)(?!\s*\[redacted|\$|/)([^\s"'']{3,})'],
    -- Headers: whatever the scheme is called.
    ['%authorization%', '(authorization\\{0,7}["'']?\]?\s{0,3}[:=]\s{0,3}\[?\\{0,7}["'']?(?:(?:bearer|basic|token|api-token|digest|negotiate|splunk|ssws|geniekey|bot|apikey)\s+)?)(?!\s*\[redacted|\$|<|\{)((?:[a-z][\w-]*[ \t]+)?(?:[\w-]+=[^\r\n]{4,}|(?=[^\s"'']*[0-9])(?=[^\s"'']*[a-z])[^\s"'',;\]]{6,}))'],
    ['%authorization%', '(authorization["'']?\s{0,3}[:=]\s{0,3}["''])(?=[^"\r\n]*[0-9][a-z]|[^"\r\n]*[a-z][0-9])(?![^"]*[${])(?!\s*\[redacted)([^"''\r\n]{8,})(?=["''])'],
    -- Blocks of YAML, and strings of several lines.
    ['%:%|%' || E'\n' || '%¦%:%>%' || E'\n' || '%', '((?:^|\n)(?:[ \t]|- )*["'']?[\w.-]*' || v_name || '["'']?:[ \t]*[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n[ \t]+)(?!\s*(?:\[redacted|[^\n]*(?:\$\{|\{\{)|[a-z]+(?: [a-z]+){3,}))([^\n]+(?:\n[ \t]+[^\n:]+){0,8})(?=\n|$)'],
    ['%"""%¦%''''''%', '(' || v_name || '["'']?' || v_sign || '(?:"""|'''''')\s*)(?!\s*\[redacted|\{|\$)([^"''\s](?:[^"'']|["''](?!["'']{2})){2,})'],
    ['%:%' || E'\n' || '%', '((?:^|\n)(?:[ \t]|- )*["'']?[\w.-]*' || v_name || '["'']?:[ \t]*\r?\n[ \t]+)(?!\s*\[redacted|-)((?=\S*[0-9])(?=\S*[a-z])[^\s:#"'']{4,})(?=[ \t]*(?:\r?\n|$))'],
    ['%kind%secret%', '((?:^|\n)[ \t]+["'']?[\w.-]+["'']?:[ \t]*["'']?)([a-z0-9+/]{8,}=+)(?=["'']?[ \t]*(?:\r?\n|$))'],
    ['%<<%', '(' || v_name || v_sign || '<<[-~]?["'']?\w+["'']?[ \t]*\r?\n[ \t]*)(?!\s*(?:\[redacted|\$))([^\n]+)'],
    -- Elements.
    ['%<value>%¦%<string>%', '((?:name|key)=["''][\w.-]*' || v_name || '["'']>\s*<(?:value|string)>\s*)' || v_none || '([^<\n]{3,})'],
    ['%<![cdata[%', '(<[\w.:-]*' || v_name || '[^<>]*>\s*<![^a-z]cdata[^a-z])(?!\s*\[redacted)([^]]+)'],
    ['%<%¦%&lt;%', '((?:<|&lt;)(?:[\w.-]+:)?[\w.-]*' || v_name || '(?:\s[^<>]*)?(?:>|&gt;)\s*)' || v_none || '(?!\s*<)([^<\]\n&]*[^<\]\n\s&])'],
    ['%>%', '((?:name|key)=["''][\w.-]*' || v_name || '["''][^<>]*>\s*)' || v_none || '(?=[^<\n]*[0-9])([^<\n]*[^<\n\s])'],
    ['%</%<%', '(' || v_name || '</\w+>\s*<\w+>)' || v_none || '([^<\n]{3,})'],
    ['%<%value=%', '(<[\w.:-]*' || v_name || '\s[^<>]*value=")' || v_none || '([^"\n]{3,})'],
    -- Pairs of a name and a value, and what has a default.
    ['%value%', '((?:name|key)\\{0,7}["'']?\s{0,3}[:=]\s{0,3}\\{0,7}["'']?[\w.-]*' || v_name || '\\{0,7}["'']?,?\s+\\{0,7}["'']?value\\{0,7}["'']?\s{0,3}[:=]\s{0,3}["'']?)' || v_none || '([^\s"'']{3,})'],
    ['%{%default%¦%{%value%', '(' || v_name || '["''][ \t]{0,3}:?[ \t]{0,3}\{[^{}]{0,120}\m(?:default|value)["'']?\s*[:=]\s{0,3}")' || v_none || '([^"\n]{3,})'],
    -- Connection strings.
    ['%;%={%', '(;[ ]?[\w ]*(?:pwd|password)=\{)([^}\r\n](?:[^}\r\n]|\}\})+)(?=\}[;"''\s]|\}$)'],
    ['%;%=%;%', '(=[^;"''\r\n]{0,40};[ ]?(?:pwd|password)=)' || v_none || '([^;"''\r\n{]{3,})(?=;[ ]?[a-z][\w ]*=)'],
    ['%\\ %', '(' || v_name || '=)' || v_none || '((?:[^\s"'',;&\\]|\\.)*\\ (?:[^\s"'',;&\\]|\\.)+)'],
    -- Quotes: to the same quote again.
    ['%\\"%', '(' || v_name || '\\{1,7}"' || v_sign || '\\{1,7}")' || v_none || '((?:[^"\\\r\n]|\\{3,7}"|\\[^"\\]){3,})(?=\\{1,7}")'],
    ['%[%,%', '(' || v_name || '["'']?' || v_sign || '\[[^][]{0,80},\s{0,8}["''])(?!\s*\[redacted)((?=[^"'']*[0-9])[^"''\r\n]{4,})(?=["''])'],
    ['%"%', '(' || v_name || v_quote || '?(?:' || v_sign || '|' || v_type || ')' || v_lead || '")' || v_none || '(?![a-z'',.:;!?-]+(?: (?:[a-z'',.:;!?-]+|[0-9]+)){2,}")((?:[^"\\\r\n]|\\.|""){3,})(?=")'],
    ['%''%', '(' || v_name || v_quote || '?(?:' || v_sign || '|' || v_type || ')' || v_lead || ''')' || v_none || '(?![a-z",.:;!?-]+(?: (?:[a-z",.:;!?-]+|[0-9]+)){2,}'')((?:[^''\\\r\n]|\\.|''''){3,})(?='')'],
    ['%==%¦%!=%', '(' || v_name || '["'']?[ \t]*(?:={2,3}|!={1,2})[ \t]*["''])((?=[^"'']*[0-9])(?=[^"'']*[a-z])[^"''\r\n]{6,})(?=["''])'],
    ['%(%,%¦%[%,%¦%{%,%', '([([{]\s{0,2}["''][\w.-]*' || v_name || '["''],\s{0,3}["''])' || v_none || '([^"''\r\n]{4,})(?=["''])'],
    ['%\%22%', '(%22[\w.-]*' || v_name || '%22%3a%22)(?!\s*\[redacted)((?:[^%\s]|%(?!22)){4,})(?=%22)'],
    ['%u0022%', '(' || v_name || '\\+u0022:\\+u0022)(?!\s*\[redacted)([^\\\s]{4,})'],
    ['%key%', '(\mkey["'']?\s?[:=]\s*["''])(?![0-9a-f-]+["''])(?=[^"'']*[0-9])(?=[^"'']*[a-z])([a-z0-9+/_.=-]{24,})(?=["''])'],
    ['%.%("%¦%set%("%¦%with%("%', '((?:\.|\mset_?|\mwith_?)(?:set_?|with_?)?' || v_name || '\("\s{0,3})' || v_none || '(?=[^"\n]*[0-9])(?=[^"\n]*[a-z])([^"\n]{6,})(?=")'],
    ['%auth=(%,%¦%basicauth(%,%', '((?:auth=|basicauth)\(\s{0,8}["''])(?=[^"'']*[0-9])(?!\s*\[redacted)([^"''\n]{16,})(?=["''],\s{0,4}["'']{2})'],
    ['%auth=(%,%¦%basicauth(%,%', '((?:auth=|basicauth)\(\s{0,8}["''][^"''\n]*["''],\s{0,4}["''])(?!\s*\[redacted|\$)([^"''\n]{4,})(?=["''])'],
    ['%:% "%', '(\s:' || v_name || ' "|[{(]:' || v_name || ' ")' || v_none || '(?=[^"\n]*[0-9])([^"\n]{4,})(?=")'],
    -- Commands and flags.
    ['%set%¦%env %¦%export %¦%arg %', '(\m(?:set(?: +-{1,2}[\w-]+)+|setx|setenv|env|arg|export|set) +[\w.-]*' || v_name || '[ \t]+["'']?)' || v_none || '(?![(])((?=\S*[0-9])(?=\S*[a-z])[^\s"'']{4,})'],
    ['%-%', '((?:^|\s)--?[\w-]*' || v_name || '[ \t]+")' || v_none || '([^"\r\n]{4,})(?=")'],
    ['%-%', '((?:^|\s)--?[\w-]*' || v_name || '[ \t]+)' || v_none || '(?!-)([^\s"'']{4,})'],
    ['%mysql%-p%¦%mariadb%-p%', '(\m(?:mysql|mariadb)[\w-]{0,16}(?:[ \t][^\r\n|;&]{0,200})?[ \t]-p)(?!\s*\[redacted)("[^"\r\n]{3,128}"|''[^''\r\n]{3,128}''|[^\s"''-][^\s"'']{2,128})'],
    ['%redis-cli%¦%sshpass%¦%docker login%¦%podman login%', '(\m(?:redis-cli|sshpass|docker login|podman login)\M[^\r\n|;&]{0,80}\s(?:-a|-p|--pass)[ \t]+)(?!\s*\[redacted|\$)("[^"\r\n]{3,}"|''[^''\r\n]{3,}''|[^\s"''-]\S{2,})'],
    ['%requirepass%¦%masterauth%', '(\m(?:requirepass|masterauth)[ \t]+)(?!\s*\[redacted)(\S{3,})'],
    ['%identified by%¦%password %', '(\m(?:identified by|password)[ \t]+e?'')(?!\s*\[redacted)([^''\r\n]{3,})(?='')'],
    ['% is%¦% was%', '(\m(?:password|passphrase|token) (?:is|was):?[ \t]{1,3})(?!\s*\[redacted)("[^"\r\n]*[0-9][^"\r\n]*"|(?=\S*[0-9])(?=\S*[a-z])[^\s"''`]{6,})'],
    -- Without quotes: tight all but code; otherwise what letters and digits mix.
    ['%=%', '((?:^|\n)(?:export )?[\w.-]*' || v_name || '=)' || v_none || '(?![\w.$:>?!&*-]*[([{][^\n]*[)\]}][;,]?(?:\n|$))(?![a-z_]\w*(?:(?:\.|->|::)[a-z_]\w*)+(?:[\s,;)]|$))(?![a-z_]+[,)])([^\s"''`]{4,})(?=[ \t]*(?:\r?\n|$))'],
    ['%=%¦%\%3d%¦%u003d%', '(' || v_name || v_quote || '?(?:=|%3d|\\+u003d))' || v_none || '(?!' || v_bare || '*[([])(?![a-z_]\w*(?:(?:\.|->|::)[a-z_]\w*)+(?:[\s,;)]|$))(?![a-z_]+[,)])(?![0-9]{1,3}(?:[^0-9a-z]|$))(' || v_bare || '{4,})'],
    ['%', '(' || v_name || v_quote || '?' || v_sign || '(?:!!str |&[\w-]+ )?)' || v_none || '(?!' || v_bare || '*[(])(?!/|[*!@:]|[a-z_]+\.[a-z_.]+(?:[\s,;)]|$)|[0-9]+(?:[^a-z0-9]|$)|uint[0-9])(?=' || v_bare || '*[0-9])(?=' || v_bare || '*[a-z])(' || v_bare || '{4,})'],
    ['%: %', '((?:^|\n)[ \t-]*["'']?[\w.-]*' || v_name || '["'']?:[ \t]+)' || v_none || '(?![a-z]*(?:ref|key|token|password|secret|string|type|name)[ \t]*(?:[\r\n]|$))([a-z-]{6,})(?=[ \t]*(?:\r?\n|$))']
  ];
  -- All of them together need microseconds for each character. What stands farther behind is read once, by what takes out more.
  v_read constant integer := 8000;
  v_behind constant text := '((?:passw(?:or)?ds?|passphrase|passcode|pass|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|encryption[_-]?key|signing[_-]?key|private[_-]?key|role[_-]?key|credentials?|authorization|cookie)[\w.-]*[\\"'']{0,4}\]?\s{0,3}(?:[:=]|=>|>|,)[=>]?\s{0,3}[\\"''(]{0,4}(?:(?:bearer|basic|token)\s+)?)(?!\s*\[redacted)([^\s"''<>,;\\]{3,})';
  v_tail text := '';
  v_cut integer;
  v_low text;
  v_found text[] := '{}';
  v_clean text;
  v_value text;
begin
  if length(p_text) > v_read then
    v_cut := v_read - strpos(reverse(left(p_text, v_read)), case when left(p_text, v_read) like '%' || E'\n' || '%' then E'\n' else ' ' end) + 1;
    v_cut := case when v_cut between v_read / 2 and v_read then v_cut else v_read end;
    v_tail := substr(p_text, v_cut + 1);
    p_text := left(p_text, v_cut);
  end if;
  v_low := lower(p_text);
  -- Only what the pattern cannot do without is looked for at first: to prepare a pattern costs more than to use it.
  for i in 1 .. array_length(v_patterns, 1) loop
    continue when not v_low like any (string_to_array(v_patterns[i][1], '¦'));
    v_clean := regexp_replace(p_text, v_patterns[i][2],
      case when v_patterns[i][2] like '(://%' then '\1[redacted:url-password]' else '\1[redacted]' end, 'gi');
    if v_clean <> p_text then
      v_found := v_found || array(select m[2] from regexp_matches(p_text, v_patterns[i][2], 'gi') as m limit 50);
      p_text := v_clean;
    end if;
  end loop;
  if v_tail like '%://%@%' then
    v_tail := regexp_replace(v_tail, '(://[^\s:/?#@"''<>]*:)(?!\[redacted|[0-9]{1,5}/)[^\s"''<>/]+(?:/[^\s"''<>/]+)*@', '\1[redacted:url-password]@', 'g');
  end if;
  p_text := p_text || regexp_replace(v_tail, v_behind, '\1[redacted]', 'gi');
  foreach v_value in array v_found loop
    v_value := btrim(v_value, '"''');
    if length(v_value) >= 8 and v_value ~ '[0-9]' and v_value !~ '\[redacted' then
      p_text := replace(p_text, v_value, '[redacted]');
    end if;
  end loop;
  return p_text;
end;
$$;

comment on function actp_audit.redact_named(text) is
  'Replaces secrets that a name, a header, an address or a command tells.';

revoke all on function actp_audit.redact_named(text) from public, anon, authenticated, service_role;
