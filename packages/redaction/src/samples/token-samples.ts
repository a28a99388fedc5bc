// Built from parts so that no scanner takes this file for a leak.
const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIj';
const word = 'q7XbT2mZ9RkLw4Vn';
const base64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';

export interface Sample {
  secret: string;
  text: string;
}

const sample = (kind: string, where: string, secret: string, text: (s: string) => string) =>
  [kind, where, { secret, text: text(secret) }] as const;

const pem = (kind: string, end = '\n') =>
  [
    `-----BEGIN ${kind}PRIVATE KEY-----`,
    base64,
    base64.slice(7),
    'Ks14IReLcYgADhoXk56ZzXI=',
    `-----END ${kind}PRIVATE KEY-----`,
  ].join(end);
const logged = (text: string) =>
  text
    .split('\n')
    .map((line, n) => `2026-11-22 12:00:0${n} INFO [app-${n}] key: ${line}`)
    .join('\n');
const encode = (text: string) => Buffer.from(text).toString('base64');

/** Kind, where it stands, and a secret within a text. */
export const samples: ReadonlyArray<readonly [kind: string, where: string, sample: Sample]> = [
  sample('jwt', 'a sentence', `eyJ${letters}.eyJ${letters}.${letters}`, (s) => `token ${s} was sent`),
  sample('jwt', 'a query', `eyJ${word}${word}.eyJ${word}.${word}`, (s) => `GET /cb?id_token=${s}&state=1`),
  sample('anthropic-key', 'a sentence', `sk-${'ant'}-api03-${letters}`, (s) => `using ${s}`),
  sample('openai-key', 'a list', `sk-${'proj'}-${letters}`, (s) => `key ${s},`),
  sample('stripe-key', 'a sentence', `sk_${'live'}_${letters}`, (s) => `charged with ${s}`),
  sample('github-pat', 'a command', `ghp_${letters.slice(0, 36)}`, (s) => `git clone with ${s}`),
  sample(
    'actp-agent-key',
    'a header',
    `actp_${'key'}_${'0123456789abcdef9e8d7c6b5a4f3e2d'.repeat(2)}`,
    (s) => `Bearer ${s}`,
  ),
  sample(
    'actp-agent-key',
    'a sentence',
    `actp_${'key'}_${'0123456789abcdef9e8d7c6b5a4f3e2d'.repeat(2)}`,
    (s) => `the key ${s} of buyer`,
  ),
  sample(
    'github-pat',
    'JSON within JSON',
    `ghp_${letters.slice(0, 36)}`,
    (s) => `{"body":"{\\"a\\":\\"${s}\\",\\n"}`,
  ),
  sample(
    'github-pat',
    'a line of an escaped text',
    `ghp_${letters.slice(0, 36)}`,
    (s) => `"first\\n${s}\\nlast"`,
  ),
  sample('gitlab-pat', 'a query', `glpat-${letters.slice(0, 20)}`, (s) => `https://host/x?t%3D${s}`),
  sample('slack-bot-token', 'alone', `xoxb-${'1234567890'}-${letters}`, (s) => s),
  sample(
    'slack-webhook',
    'an address',
    `T0${word}/B0${word}/${letters.slice(0, 24)}`,
    (s) => `https://hooks.slack.com/services/${s}`,
  ),
  sample('aws-key-id', 'a sentence', `AKIA${'Q7XBT2MZ9RKLW4VN'}`, (s) => `id ${s}`),
  sample('google-key', 'a query', `AIza${letters.slice(0, 35)}`, (s) => `?x=${s}`),
  sample(
    'telegram-token',
    'a path',
    `123456789:${letters.slice(0, 35)}`,
    (s) => `https://host/bot${s}/getMe`,
  ),
  sample('groq-key', 'alone', `gsk_${letters}`, (s) => s),
  sample('azure-client-secret', 'brackets', `abc8Q~${letters.slice(0, 34)}`, (s) => `(${s})`),
  sample('terraform-token', 'quotes', `${letters.slice(0, 14)}.atlasv1.${letters}${word}`, (s) => `"${s}"`),
  sample('facebook-access-token', 'JSON', letters.slice(0, 28), (s) => `{"t":"911602140448729|${s}"}`),
  sample('url-password', 'an address', 'hunter2secret', (s) => `redis://user:${s}@127.0.0.1:6379/0`),
  sample('url-password', 'an address with odd signs', 'p:a$s', (s) => `postgres://postgres:${s}@db/postgres`),
  sample(
    'url-password',
    'an address with a slash in it',
    'p@ss/w0rd',
    (s) => `postgres://postgres:${s}@db/postgres`,
  ),
  sample('url-token', 'an address', letters.slice(0, 22), (s) => `https://${s}@git.example.com/a.git`),
  sample('bearer', 'a header', letters, (s) => `Authorization: Bearer ${s}`),
  sample(
    'basic-auth',
    'curl',
    encode(`ann:${word}`),
    (s) => `curl -H "Authorization: Basic ${s}" https://host`,
  ),
  sample('curl-user', 'curl', 'pRf7vG2h!8nQkW9', (s) => `curl -s \\\n  -u 'ann:${s}' https://host`),
  sample('cookie', 'a header', 'abcdef123', (s) => `cookie: sid=${s}; theme=dark`),
  sample('cookie', 'JSON', 'abcdef123', (s) => `{"Set-Cookie":"sid=${s}; HttpOnly"}`),
  sample('password', 'JSON', 'correct horse', (s) => `{"password": "${s}", "user": "x"}`),
  sample('password', 'JSON within JSON', 'corr"ect horse', (s) =>
    JSON.stringify({ body: JSON.stringify({ password: s }) }),
  ),
  sample('password', 'an environment', 'hunter2hunter2', (s) => `PGPASSWORD=${s} psql`),
  sample('password', 'YAML', 'hunter', (s) => `user: ann\n  password: ${s}\n`),
  sample('password', 'XML', 'hunter2', (s) => `<Password>${s}</Password>`),
  sample('password', 'an attribute', 'hunter2', (s) => `<add key="ClearTextPassword" value="${s}" />`),
  sample('password', 'a flag', 'hunter2', (s) => `mysql --password ${s} -h db`),
  sample(
    'password',
    'a connection string',
    'DEF30u%De',
    (s) => `Server=tcp:sql1,1433;User Id=app;Password=${s};Encrypt=True`,
  ),
  sample('password', 'a number', '48213977', (s) => `password=${s}`),
  sample('password', 'two lines', 'hunter2', (s) => `- name: DB_PASSWORD\n  value: ${s}\n`),
  sample('mysql-password', 'a command', 'hunter2x', (s) => `mysql -uroot -p${s} db`),
  sample('sql-password', 'SQL', 'hunter2x', (s) => `ALTER ROLE app WITH PASSWORD '${s}'`),
  sample('api-key', 'a flag', 'abcd1234', (s) => `--api-key=${s} --verbose`),
  sample('api-key', 'a header', word, (s) => `X-API-Key: ${s}`),
  sample('api-key', 'a header of some provider', word, (s) => `curl -H "X-Acme-Key: ${s}" https://host`),
  sample(
    'api-key',
    'a connection string',
    `${base64}==`,
    (s) => `AccountName=a;AccountKey=${s};EndpointSuffix=x`,
  ),
  sample('secret', 'YAML', 'abcd1234efgh', (s) => `client_secret: '${s}'`),
  sample('token', 'a query', letters.slice(0, 30), (s) => `GET https://host/v1?page=2&access_token=${s} 500`),
  sample('snyk-key', 'code', '8509c2ac-362c-4344-a3dd-2367c3148dc5', (s) => `const SNYK_KEY = "${s}"`),
  sample('key', 'code', 'q7XbT2mZ9RkLw4VnY6sPd3Fh', (s) => `key: "${s}"`),
  sample('private-key', 'a file', base64, () => `before\n${pem('RSA ')}\nafter`),
  sample('private-key', 'JSON', base64, () => JSON.stringify({ key: pem('') })),
  sample('private-key', 'JSON within JSON', base64, () =>
    JSON.stringify(JSON.stringify({ key: pem('EC ') })),
  ),
  sample('private-key', "a test's report", base64.slice(7), () => pem('RSA ', '\nE         ')),
  sample('private-key', "a test's report, its last line", 'Ks14IReLcYgADhoXk56ZzXI', () =>
    pem('', '\r\nE         '),
  ),
  sample('private-key', 'the lines of a log', base64.slice(7), () => logged(pem('EC '))),
  sample('private-key', 'the lines of a log, its last line', 'Ks14IReLcYgADhoXk56ZzXI', () =>
    logged(pem('RSA ').replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,1F2E3D\n\n')),
  ),
  sample('private-key', 'a log that was cut off', base64.slice(7), () => logged(pem('RSA ')).slice(0, 290)),
  sample('private-key', 'a text that was cut off', base64, () => `${pem('OPENSSH ').slice(0, 120)}`),
  sample(
    'kubernetes-secret',
    'a manifest',
    encode('admin:pass'),
    (s) => `apiVersion: v1\ndata:\n  extra: ${s}\nkind: Secret\n`,
  ),
  sample(
    'kubernetes-secret',
    'a manifest that says so first',
    encode('admin:pass'),
    (s) => `kind: Secret\nmetadata:\n  name: x\ndata:\n  extra: ${s}\n`,
  ),
];
