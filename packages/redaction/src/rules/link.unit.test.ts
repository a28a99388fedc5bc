import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

const v = '«marten4k2q»';
const stays = (text: string) => expect(redact(text)).toBe(text);
const isTaken = (text: string) =>
  expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'password'));

describe('between the name of a secret and its value', () => {
  it.each('= : => := ::= :::= != !== ?= ?: ?? ??= || ||= += == === +== <- -> %3a %3A %3d %3D'.split(' '))(
    '[SEC-020] stands the sign %s',
    (sign) => {
      for (const space of ['', ' ', '\t', '   ']) {
        // A hyphen may belong to a name.
        if (sign !== '->' || space !== '') isTaken(`password${space}${sign}${space}"${v}" x`);
        isTaken(`"password"${space}${sign}${space}"${v}" x`);
      }
    },
  );

  it.each([
    String.raw`password\u003d${v}`,
    String.raw`password\u003D${v}`,
    String.raw`password\u003a"${v}"`,
    String.raw`password\\u003A${v}`,
    String.raw`password\\\\u003d${v}`,
    String.raw`{\"password\":\"${v}\"}`,
    String.raw`{\\\"password\\\":\\\"${v}\\\"}`,
    `'password': '${v}'`,
    `\`password\`: \`${v}\``,
    `%22password%22%3A%22${v}%22`,
    `&quot;password&quot;:&quot;${v}&quot;`,
    `&#34;password&#34;:&#34;${v}&#34;`,
    String.raw`\u0022password\u0022:\u0022${v}\u0022`,
    String.raw`\x22password\x22:\x22${v}\x22`,
    `config["password"] = "${v}"`,
    `char password[] = "${v}";`,
    `password[12] = "${v}"`,
    `password[user_1] = "${v}"`,
    // Arguments, and pairs in brackets.
    `("password", "${v}")`,
    `['password', '${v}']`,
    `{ "password", "${v}" }`,
    `( \t"password" , "${v}")`,
    String.raw`(\"password\", \"${v}\")`,
    // Fields of name and value.
    `{"name":"password","value":"${v}"}`,
    `{"key": "password", "value": "${v}"}`,
    `{"id" : "password",  "value" : "${v}"}`,
    String.raw`{\"name\":\"password\",\"value\":\"${v}\"}`,
    `- name: DB_PASSWORD\n  value: ${v}\n`,
    `name = "password"\nvalue = "${v}"`,
    `Name=password,Value=${v}`,
    `<add key="password" value="${v}"/>`,
    // Types.
    `password: str = "${v}"`,
    `password : str="${v}"`,
    `password: str="${v}"`,
    `password: String="${v}"`,
    `password string = "${v}"`,
    `password: *string = "${v}"`,
    `password: &str = "${v}"`,
    `password: &'static str = "${v}"`,
    `password: Optional[str] = "${v}"`,
    `password: Map<string, string | null> = '${v}'`,
    `password: string[] = "${v}"`,
    `password []byte = "${v}"`,
    `password: bytes = b"${v}"`,
    `password: string := "${v}"`,
    `password: string = @"${v}"`,
    `password: std::string = "${v}"`,
    // Flags.
    `run --password ${v} x`,
    `run -password ${v}`,
    `run --password "${v}"`,
    `run --db-password\t${v}`,
    `run --password    ${v}`,
    `run "--password" ${v}`,
    // Keywords of Lisp.
    `{:password "${v}"}`,
    `{:db-password "${v}"}`,
  ])('[SEC-020] may stand what leads to it: %j', (text) => {
    isTaken(text);
  });

  it.each([
    'set -x',
    'set -gx',
    'set -U -x',
    'set --export',
    'set -l -g -x',
    'setx',
    'setx /M',
    'setenv',
    'SetEnv',
    'ENV',
    'ARG',
    'export',
    'aws config set',
    'aws configure set',
    'gh secret set',
    'gh secrets set',
    'app param set',
    'app params set',
    'app env set',
    'app var set',
    'app vars set',
    'git config',
    'git config --global',
    'set',
    'proxy_set_header',
    'set_header',
    'add_header',
    'fastcgi_param',
    'RequestHeader set',
    'set-variable',
    'def',
    'setq',
    'define',
    'put',
    'redis-x hset',
    'run --header',
    'run --env',
    'run --build-arg',
    'run --set',
    'run --from-literal',
  ])('[SEC-020] may stand white space alone behind %s', (setter) => {
    isTaken(`${setter} DB_PASSWORD ${v}`);
    isTaken(`${setter}\t DB_PASSWORD  \t${v}`);
    isTaken(`${setter} "DB_PASSWORD" "${v}"`);
    isTaken(`${setter} 'DB_PASSWORD' '${v}'`);
  });

  it.each(Array.from(' \t\n;&|"\'(@'))('[SEC-020] in front of what sets it may stand %j', (before) => {
    isTaken(`x${before}export DB_PASSWORD ${v}`);
  });

  it.each([
    // No sign that leads to a value.
    'password marten4k2q',
    'DB_PASSWORD marten4k2q',
    'password / marten4k2q',
    'password. marten4k2q',
    'password > marten4k2q',
    'password &gt; marten4k2q',
    'password :/ marten4k2q',
    'password :// marten4k2q',
    'password; "marten4k2q"',
    'password -> marten4k2q',
    'password - "marten4k2q"',
    'password     = marten4k2q',
    // A list of fields rather than a pair.
    '{"field":"password","message":"marten4k2q"}',
    '(password, "marten4k2q")',
    '("password", marten4k2q)',
    'x "password", "marten4k2q"',
    '(     "password", "marten4k2q")',
    // Fields of something else.
    '{"field":"password","value":"marten4k2q"}',
    'password, value marten4k2q',
    'password, sum: marten4k2q',
    // Options and settings that have no value there.
    'run --password -marten4k2q',
    'run --password      marten4k2q',
    'run - password marten4k2q',
    'run -7password marten4k2q',
    'reset DB_PASSWORD marten4k2q',
    'unset DB_PASSWORD marten4k2q',
    'please export db_password settings',
    'x.set DB_PASSWORD marten4k2q',
    'xexport DB_PASSWORD marten4k2q',
    'x,ENV DB_PASSWORD marten4k2q',
    'setDB_PASSWORD marten4k2q',
    'set      DB_PASSWORD marten4k2q',
    'set -x-y-z-much-too-long DB_PASSWORD marten4k2q',
    // Others.
    '::password "marten4k2q"',
    '{:password marten4k2q}',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:marten4k2q',
    'fn auth(password: &str) -> "marten4k2q"',
    'password: str =~ "marten4k2q"',
    'password string, "marten4k2q"',
  ])('stands nothing else: %j', (text) => {
    stays(text);
  });

  it('may be a colon behind another name, when a blank follows', () => {
    expect(withoutFingerprints(redact('app:secret: marten4k2q'))).toBe('app:secret: [redacted:secret]');
    stays('app:secret:marten4k2q');
  });
});
