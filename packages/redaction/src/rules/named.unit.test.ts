import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

const v = '«marten4k2q»';
const key = 'q7XbT2mZ9RkLw4VnY6sPd3Fh';
const rows = (kinds: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(kinds).flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const));

describe('a value beside its name', () => {
  it.each(
    rows({
      password: [
        // Each word that a name is known by.
        ...'password pass dbpass pwd db_pwd my_pswd mnemonic seed_phrase recoveryPhrase seedPhrase kennwort contrasena passphrase passcode'
          .split(' ')
          .map((name) => `x ${name}="${v}"`),
        // Names of any length, and the first of several.
        `${'x'.repeat(60)}_password=${v} y`,
        `password_old_old_old=${v} y`,
        `_password_=${v} y`,
        `x.y-z.password=${v} y`,
        `passwords_and_password=${v} y`,
        // Methods of a client.
        ...[
          'setPassword',
          'withPassword',
          'set_password',
          'with_password',
          'b.password',
          'b.dbPassword',
          'b.set_my_password',
        ].map((method) => `x ${method}("${v}")`),
        `x b.password(Secret("${v}"))`,
        // What is in front of it on its line.
        ...['', '  ', '\t', '- ', '"', "'", '# ', 'a\n', 'a\r', 'a\r\n  '].map(
          (before) => `${before}PASSWORD=«a(b,4k2q»\nnext`,
        ),
        // Not an argument of a call.
        `x (password=«hunter», y)`,
        `(password=«hunter», y)`,
        `f() password=«hunter», y`,
        `f(\n  x password=«hunter», y)`,
        `f(${'x'.repeat(120)} password=«hunter»)`,
        `x f[password=«hunter», y]`,
        `x password=«hunter»;y`,
        `export DB_PASSWORD "«hunter»"`,
        `export DB2_PASSWORD "«hunter»"`,
        `export db_password "${v}"`,
        `x password=${v} y`,
        `x passwords=[${v}]`,
        `x password: «hun$%er» y`,
        `if (password === "${v}")`,
        `password: «hunter»`,
        // All of a list, whatever they look like.
        `x passwords: ["«hunter»", "«correct horse»"]`,
        `x passwords=["\${PASSWORD}", "${v}"]`,
        `x passwords: [hunter, ${v}, «other4k2q»]`,
        `x passwords: [${'a, '.repeat(63)}${v}]`,
        `x passwords: [\n  "«hunter»",\n  "«correct horse»"\n]`,
        // Behind a type.
        `x password: str = "${v}"`,
      ],
      token: [
        ...'token access-token bearer my_bearer sas my_sas jwt user_jwt phpsessid PHPSESSID jsessionid sessionid connect.sid sid_token otp my_otp'
          .split(' ')
          .map((name) => `x ${name}="${v}"`),
        `x setToken("${v}")`,
        `x b.authToken("${v}")`,
      ],
      secret: [
        ...'secret client_secret assertion client_assertion saml_response totp_seed_secret'
          .split(' ')
          .map((name) => `x ${name}="${v}"`),
      ],
      'api-key': [
        ...'api_key apikey access_key x-functions-key'.split(' ').map((name) => `x ${name}="${v}"`),
        `x b.apiKey("${v}")`,
        `x setApiKey("${v}")`,
        // Names with blanks.
        `api key: ${v} x`,
        `My API Key: ${v} x`,
        `Secret Access Key = ${v} x`,
        `the access key: "${v}"`,
        `use it with my api key: ${v} x`,
        `My API Key: ${v} ${'and more '.repeat(10)}`,
        `x api --key=${v}`,
        `x x-acme-key="${v}"`,
      ],
      'google-key': [`the google maps key: ${v} x`, `google maps key: ${v} x`],
      'secret-key': [`x Encryption Key: ${v}`, `x private_key="${v}"`],
      credential: [
        ...'credential credentials creds db_creds BUNDLE_CONTRIBSYS__COM'
          .split(' ')
          .map((name) => `x ${name}="${v}"`),
      ],
      'sonar-key': [`x sonar.login="${v}"`],
      'sumo-key': [`x sumo_accessid="${v}"`, `x sumo_access_id="${v}"`, `x sumo-access-id="${v}"`],
      key: [`a, key="«${key}»"`, `x auth: «${key}» y`, `x my-key=«${key}»`, `x cache the key: «${key}»`],
      authorization: [`["authorization", "${v}"]`, `if (authorization == "${v}")`],
    }),
  )('[SEC-020] is taken out, and nothing else: %s in %j', (kind, text) => {
    expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, kind));
  });

  it.each([
    // Names that say nothing of it.
    'x passport="marten4k2q"',
    'x monkey="marten4k2q"',
    'x author="marten4k2q"',
    'a, key="marten4k2q"',
    `x sort_key="${key}"`,
    `run --key ${key}`,
    `a, key: ["${key}"]`,
    'primary key: marten4k2q x',
    'the cache key: marten4k2q x',
    'a long road to some key: marten4k2q x',
    'apikey, key: marten4k2q x',
    'api  key: marten4k2q x',
    'accesskeyboard: x marten4k2q',
    `token${'x'.repeat(40)}_token_x=marten4k2q`,
    // Methods that ask for it.
    ...'get fetch load read find create make new parse verify validate check decode is has on use delete remove build generate expect'
      .split(' ')
      .flatMap((verb) => [`x b.${verb}Password("marten4k2q")`, `x b.${verb}_password("marten4k2q")`]),
    'x password("marten4k2q")',
    'x b.password(marten4k2q)',
    'x b.password("hunter")',
    'x b.password("user12")',
    'x b.password("qwmzvbtrk")',
    'x passwords=[hunter]',
    'x passwords=["${PASSWORD}"]',
    'x password: str = marten4k2q',
    'x setPasswordPolicy("marten4k2q")',
    'x b.compass("marten4k2q")',
    'x resetPassword("marten4k2q")',
    // Arguments of a call.
    'connect(x, password=hunter)',
    'connect[int](x, password=hunter, y)',
    'new Map<string>(x, password=hunter)',
    'connect(\n  password=hunter,\n)',
    'connect(x, y, password=hunter)',
    // Words behind what sets something.
    'set password "hunter"',
    'export db_password "hunter"',
    'export DbPassword "hunter"',
    'export 7DB_PASSWORD- "hunter"',
    // What was redacted before, and what stands behind it.
    ...[
      '[redacted:password:0a1b2c]',
      '"[redacted:password:0a1b2c]"',
      'Basic [redacted:password:0a1b2c]',
      'Basic \t [redacted:password:0a1b2c]',
      'Basic   [redacted:password:0a1b2c]',
      '"Basic [redacted:password:0a1b2c]"',
      'Basic "[redacted:password:0a1b2c]"',
      'Some("[redacted:password:0a1b2c]")',
    ].map((value) => `x password: ${value} x = "ClearTextPassword9"`),
    'password',
    'password=',
    'x password',
  ])('is none beside another name, or in another place: %j', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('[SEC-020] is found beside the first name of a place, and once', () => {
    expect(withoutFingerprints(redact('secret_access_key=marten4k2q x'))).toBe(
      'secret_access_key=[redacted:api-key] x',
    );
    expect(withoutFingerprints(redact('a token=marten4k2q b token=marten4k2q'))).toBe(
      'a token=[redacted:token] b token=[redacted:token]',
    );
  });
});
