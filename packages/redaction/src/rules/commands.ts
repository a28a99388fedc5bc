import { isKey, isPlaceholder } from '../engine/entropy.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import { rankOf, type Rule, type Scan, type Secret } from '../engine/rule.ts';
import { pattern } from './token.ts';

// From the name of a program to its option: a command of a few lines.
const longestCommand = 2_000;
const isSecret = (value: string) =>
  value.length >= 3 && !isPlaceholder(value) && !/^["']?[$<%[{]/.test(value) && !isMostlyPlaceholder(value);

// Their options may stand far behind their name.
const farAhead = { rest: 100 };

/** Remembers where a program was called that takes a password as an option. */
export const commandNote: Rule = {
  kinds: [],
  keywords: ['curl', 'wget', 'http ', 'httpie'],
  family: 'note',
  find(at, scan) {
    scan.commandAt = at;
    return undefined;
  },
};

const user =
  /(?:-[A-Za-z]{0,6}u|--user|--proxy-user|-U|-a|--auth)(?:=|[ \t]{0,4})(?:"(?<a>[^"\s:]{0,256}):(?<b>[^"\r\n]{0,256})"|'(?<c>[^'\s:]{0,256}):(?<d>[^'\r\n]{0,256})'|(?<e>[^\s"':]{0,256}):(?:'(?<f>[^'\r\n]{1,256})'|"(?<g>[^"\r\n]{1,256})"|(?<h>[^\s"'|;&]{0,256})))/dy;

const keyAlone =
  /(?:-[A-Za-z]{0,6}u|--user|--proxy-user|-U|-a|--auth)(?:=|[ \t]{1,4})["']?(?<key>[\w.~+=-]{16,256})(?![^\s"'|;&)])/dy;

/** `curl -u name:password`, also on a later line of the command; `-u key:` as well. */
export const curlUser: Rule = {
  kinds: ['curl-user'],
  keywords: [
    ' -u',
    ' -su',
    ' -ssu',
    ' -fsu',
    ' -ku',
    ' -sku',
    ' -vu',
    ' -iu',
    ' -lu',
    '--user',
    '--proxy-user',
    ' -a ',
    '--auth',
  ],
  family: 'value',
  find(at, scan: Scan): Secret[] | undefined {
    if (at - scan.commandAt > longestCommand || scan.commandAt < 0) return undefined;
    const begin = scan.text[at] === ' ' ? at + 1 : at;
    user.lastIndex = begin;
    const groups = user.exec(scan.text)?.indices?.groups;
    if (groups === undefined) return keyOf(begin, scan.text);
    const name = groups && (groups['a'] ?? groups['c'] ?? groups['e']);
    const password = groups && (groups['b'] ?? groups['d'] ?? groups['f'] ?? groups['g'] ?? groups['h']);
    if (!name || !password || /[$<%[{]/.test(scan.text.slice(...name))) return undefined;
    const secrets = [name, password].filter(([start, end], index) => {
      const value = scan.text.slice(start, end);
      return index === 0 ? isKey(value) : isSecret(value) && value !== 'test';
    });
    const found = { lead: begin, kind: 'curl-user', rank: rankOf.header };
    return secrets.map(([start, end]) => ({ ...found, start, end }));
  },
};

// A key that has no password behind it, and no colon.
function keyOf(begin: number, text: string): Secret[] | undefined {
  keyAlone.lastIndex = begin;
  const [start, end] = keyAlone.exec(text)?.indices?.groups?.['key'] ?? [0, 0];
  if (!isKey(text.slice(start, end))) return undefined;
  return [{ lead: begin, kind: 'curl-user', rank: rankOf.header, start, end }];
}

/** Passwords on the command lines of other programs, in SQL and in the files of such programs. */
export const commandRules: readonly Rule[] = [
  pattern(
    'mysql-password',
    ['mysql', 'mariadb'],
    // -P is the port.
    /(?:[Mm]y[Ss][Qq][Ll]|MYSQL|[Mm]aria[Dd][Bb]|MARIADB)[\w-]{0,16}(?:[ \t][^\r\n|;&]{0,200}?)?[ \t]-p(?<secret>[^\s"'-][^\s"']{2,128}|"[^"\r\n]{3,128}"|'[^'\r\n]{3,128}')/,
    isSecret,
    farAhead,
  ),
  pattern(
    'sshpass-password',
    ['sshpass'],
    /sshpass[ \t]{1,4}-p[ \t]{0,4}(?<secret>"[^"\r\n]{3,128}"|'[^'\r\n]{3,128}'|[^\s"'-]\S{2,128})/i,
    isSecret,
  ),
  pattern(
    'redis-password',
    ['redis-cli'],
    /redis-cli[^\r\n|;&]{0,200}?[ \t](?:-a|--pass)[ \t]{1,4}(?<secret>"[^"\r\n]{3,128}"|'[^'\r\n]{3,128}'|[^\s"'-]\S{2,128})/i,
    isSecret,
    farAhead,
  ),
  pattern(
    'redis-password',
    ['requirepass', 'masterauth'],
    /(?:requirepass|masterauth)[ \t]{1,4}(?<secret>"[^"\r\n]{3,128}"|'[^'\r\n]{3,128}'|[^\s"'-]\S{2,128})/i,
    isSecret,
  ),
  pattern(
    'basic-auth-pair',
    ['auth=(', 'basicauth('],
    /(?:auth=|BasicAuth)\(\s{0,8}["'](?<secret>[^"'\r\n]{16,256})["'],\s{0,4}["']{2}/i,
    isKey,
  ),
  pattern(
    'basic-auth-pair',
    ['auth=(', 'basicauth('],
    /(?:auth=|BasicAuth)\(\s{0,8}["'][^"'\r\n]{1,128}["'],\s{0,4}["'](?<secret>[^"'\r\n]{4,256})["']/i,
    isSecret,
  ),
  pattern(
    'basic-auth-pair',
    ['basic_auth('],
    /basic_auth\(\s{0,8}[^,()\r\n]{1,128},\s{0,4}(?:Some\(\s{0,4})?["'](?<secret>[^"'\r\n]{4,256})["']/i,
    isSecret,
  ),
  pattern(
    'basic-auth-pair',
    ['auth: {', 'auth:{', 'auth": {', 'auth":{', "auth': {", "auth':{"],
    /auth["']?:\s?\{\s{0,20}["']?user(?:name)?["']?\s{0,3}:\s{0,3}["'](?<secret>[^"'\r\n]{16,256})["']/i,
    isKey,
  ),
  pattern(
    'password',
    ['set-variable', 'new-variable'],
    /(?:set|new)-variable[ \t]{1,4}(?:-name[ \t]{1,4})?["']?\w{0,40}(?:passw|pwd|secret|token|apikey|api_key|credential)\w{0,40}["']?[ \t]{1,4}-value[ \t]{1,4}(?<secret>"[^"\r\n]{3,256}"|'[^'\r\n]{3,256}'|[^\s"'()$-][^\s"'()]{2,128})/i,
    isSecret,
  ),
  pattern(
    'docker-password',
    ['docker login', 'podman login', 'helm registry login'],
    /(?:docker|podman|helm registry) login[^\r\n|;&]{0,200}?[ \t]-p[ \t]{1,4}(?<secret>"[^"\r\n]{3,256}"|'[^'\r\n]{3,256}'|[^\s"'-]\S{2,256})/i,
    isSecret,
    farAhead,
  ),
  pattern(
    'ldap-password',
    ['ldapsearch', 'ldapmodify', 'ldapadd'],
    /ldap\w{3,8}[^\r\n|;&]{0,300}?[ \t]-w[ \t]{1,4}(?<secret>"[^"\r\n]{3,128}"|'[^'\r\n]{3,128}'|[^\s"'-]\S{2,128})/i,
    isSecret,
    farAhead,
  ),
  pattern(
    'openssl-password',
    ['-passin', '-passout', 'pass:'],
    /(?:-pass(?:in|out)?[ \t]{1,4})?pass:(?<secret>[^\s"':]{4,128})/i,
    isSecret,
    farAhead,
  ),
  pattern(
    'htpasswd-password',
    ['htpasswd'],
    /htpasswd[ \t]{1,4}-\w{0,4}b\w{0,4}[ \t]{1,4}\S{1,200}[ \t]{1,4}\S{1,64}[ \t]{1,4}(?<secret>\S{3,128})/i,
    isSecret,
    farAhead,
  ),
  pattern(
    'sql-password',
    ['identified by', 'identified with', "password '", "password e'"],
    /(?:identified (?:with \S{1,40} )?by|password)[ \t]{1,4}E?'(?<secret>[^'\r\n]{3,256})'/i,
    isSecret,
  ),
  pattern(
    'netrc-password',
    ['login '],
    /login[ \t]{1,4}\S{1,128}\s{1,8}password[ \t]{1,4}(?<secret>\S{3,256})/i,
    isSecret,
  ),
  pattern(
    'oracle-password',
    ['jdbc:oracle'],
    /jdbc:oracle:\w{3,5}:\w{1,64}\/(?<secret>[^\s"']{3,128})(?=@)/i,
    isSecret,
  ),
  pattern(
    'powershell-password',
    ['convertto-securestring'],
    /ConvertTo-SecureString[ \t]{1,4}(?:-String[ \t]{1,4})?["'](?<secret>[^"'\r\n]{3,256})["']/i,
    isSecret,
  ),
  pattern(
    'password-phrase',
    ['password is', 'passphrase is', 'token is', 'password was'],
    /(?:password|passphrase|token) (?:is|was):?[ \t]{1,3}(?<secret>"[^"\r\n]{6,128}"|'[^'\r\n]{6,128}'|`[^`\r\n]{6,128}`|[^\s"'`]{6,128})/i,
    (s) => isSecret(s) && /\d/.test(s) && /[A-Za-z]/.test(s),
  ),
];
