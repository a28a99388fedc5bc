import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';
import { isScheme } from './value.ts';

const v = '«marten4k2q»';
const stays = (text: string) => expect(redact(text)).toBe(text);
const isTaken = (text: string) =>
  expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'password'));

describe('a value without quotes', () => {
  it.each(Array.from(' \t\n\r\v\f"\'`,;&<>){}]|\u0007\u001F'))('[SEC-020] ends in front of %j', (end) => {
    isTaken(`x password=${v}${end}tail`);
  });

  it.each(['(', '['])('is a call or an index in front of %s', (end) => {
    stays(`x password=marten4k2q${end}tail`);
  });

  it.each([
    String.raw`\n`,
    String.raw`\r`,
    String.raw`\t`,
    String.raw`\"`,
    String.raw`\'`,
    String.raw`\\n`,
    String.raw`\\\"`,
  ])('[SEC-020] ends in front of %s as JSON writes it', (end) => {
    isTaken(`x password=${v}${end}tail`);
  });

  it.each([
    '«mar\\ken4k2q»',
    '«mar\\\\ken4k2q»',
    '«mar!$%^*+-./:=?@_~ken4k2q»',
    '«märten4k2q»',
    '«mar\\ ken4k2q»',
    '«mar\\ ken\\ 4k2q»',
  ])('[SEC-020] holds other signs, and escaped blanks: %s', (value) => {
    isTaken(`x password=${value} tail`);
  });

  it('[SEC-020] ends in front of other signs behind a backslash', () => {
    isTaken(String.raw`x password=«marten4k2q\»,tail`);
    isTaken(String.raw`x password=«mar\ken4»\ntail`);
  });

  it('ends in front of a blank behind an escaped backslash', () => {
    isTaken(String.raw`x password=«marten4k2q\\» tail`);
  });

  it('[SEC-020] may follow another one on the same line', () => {
    isTaken(`a password=${v} password=«other4k2q» x`);
    isTaken(`?password=${v}&db_password=«other4k2q»&x`);
    isTaken(`x password=«marten:password=marten4k2q» x`);
  });
});

describe('a value within quotes', () => {
  it.each([
    `password = "${v}"`,
    `password = '«mar"ten 4k2q»'`,
    `password = "«mar'ten \`4k2q»"`,
    'password = `«mar"ten 4k2q»`',
    `password = "«mar\\"ten 4k2q»" x`,
    `password = "«mar\\\\»" x`,
    `password = '«mar''ten 4k2q»' x`,
    `password = "«mar""ten 4k2q»" x`,
    `password = "${v}`,
    `password = "${v}\nnext"`,
    `password = "${v}\r\nnext"`,
    `password = '«mar\tten»' x`,
    `password = """${v}"""`,
    `x password = """«hunter»"""`,
    `password = """«mar"ten 4k2q»"""`,
    `password = """\n  «mar\nten»\n\n""" x`,
    `password = '''«mar'ten''4k2q»''' x`,
    `password = """ \t\r\n\v\f${v}\f\v\n\r\t """ x`,
    `password = b"${v}"`,
    `password = f'${v}'`,
    `password = rb"${v}"`,
    `password = r#"${v}"#`,
    `password = r###"${v}"###`,
    `password = @"${v}"`,
    `password = $@"${v}"`,
    `password = $"${v}"`,
    `password=%22«mar ten 4k2q»%22 x`,
    `password=%22${v}\nnext%22`,
    `password=&quot;«mar ten 4k2q»&quot; x`,
    `password=&#34;«mar ten 4k2q»&#34; x`,
    String.raw`password=\"«mar ten 4k2q»\" x`,
    String.raw`password=\\\"«mar ten 4k2q»\\\" x`,
    String.raw`password=\u0022«mar ten 4k2q»\u0022 x`,
    String.raw`password=\x22«mar ten 4k2q»\x22 x`,
    String.raw`password=\"«mar\\ten»\" x`,
  ])('[SEC-020] ends with the same quote, or with its line: %j', (text) => {
    isTaken(text);
  });

  it.each([
    `password = ''`,
    `password = "" x marten4k2q`,
    `password = """ \n """ x`,
    `password = '' + 'marten4k2q'`,
  ])('is none when there is nothing: %j', (text) => {
    stays(text);
  });

  it('[SEC-020] is taken out up to a length that no secret has', () => {
    isTaken(`password = "«${'x4'.repeat(2_048)}»" x`);
    isTaken(`x password=«${'x4'.repeat(2_048)}» x`);
  });
});

describe('a word in front of a credential', () => {
  const schemes =
    'bearer basic token apikey api-key digest negotiate ntlm flyv1 aws4-hmac-sha256 hawk oauth key signature mac dpop sharedkey sso-key splunk geniekey ssws api-token bot hmac'.split(
      ' ',
    );
  it.each(schemes)('[SEC-020] is left when it says how it is to be read: %s', (scheme) => {
    expect(isScheme(scheme)).toBe(true);
    expect(isScheme(scheme.toUpperCase())).toBe(true);
    expect(isScheme(`x${scheme}`)).toBe(false);
    expect(isScheme(`${scheme}x`)).toBe(false);
  });

  it.each(['ssws', 'SSWS', 'GenieKey', 'Splunk', 'hmac'])(
    '[SEC-020] is left beside other names too: %s',
    (scheme) => {
      isTaken(`x password: ${scheme} ${v} x`);
      isTaken(`x password="${scheme}   ${v}" x`);
    },
  );

  it('is the value itself when nothing is behind it', () => {
    isTaken('password="«splunk»" x');
    isTaken('password="«splunk »" x');
    isTaken('x password=«splunk»');
  });
});

describe('a value in what makes it', () => {
  it.each([
    `password: !!str ${v}`,
    `password: !!string ${v}`,
    `password: !!binary \t ${v}`,
    `password: &shared ${v}`,
    `password: &sha-red_1 \t ${v}`,
    ...'new from of some just ok right ofNullable from_str fromString valueOf literal str bytes bytearray byte b to_secret wrap protect'
      .split(' ')
      .map((name) => `password = ${name}("${v}")`),
    `password = new String("${v}")`,
    `password = SecretGetter("${v}")`,
    `password = ValueHolder("${v}")`,
    `password = &Secret("${v}")`,
    `password = []byte("${v}")`,
    `password = a::b::c::d::new("${v}")`,
    `password = Some<&str>("${v}")`,
    `password = Secret<String>(  "${v}")`,
    `password = Some(Secret::new(String::from("${v}")))`,
    `password = Secret(b"${v}")`,
    `password = Secret(r#"${v}"#)`,
    `password = Secret(&"${v}")`,
    `password = Secret(@"${v}")`,
    String.raw`password = Secret(\"${v}\")`,
    `password = SecretStr('${v}')`,
    'password = SecretStr(`«marten4k2q»`)',
    `x passwords: ["${v}"]`,
    `x passwords: ["${v}", "«other4k2q»"]`,
    `x passwords: [ "${v}" , '«other4k2q»' ]`,
    `x passwords: [\n  "${v}",\n  "«other4k2q»",\n]`,
    `x passwords: [${v}]`,
    `x passwords=["${v}"]`,
    `x passwords: [${Array.from({ length: 16 }, (_, n) => `"«marten${n}k2q»"`).join(', ')}]`,
  ])('[SEC-020] is taken out: %j', (text) => {
    isTaken(text);
  });

  it.each([
    'password = xnew("marten4k2q")',
    'password = newly("marten4k2q")',
    'password = getSecret("marten4k2q")',
    ...'Get Load Read Fetch Find Look Parse Format Sprint Print Env Field Column Input Prompt Ask Must Config Param Setting Value Resolve Decrypt Path File Url Uri URL Label Text Err Exception Invalid Missing Ref Sub Import Join Query Header Name Type Reg Pattern Depends Var Key Alias Message Symbol Title Log Test Describe Expect'
      .split(' ')
      .map((name) => `password = ${name}("marten4k2q")`),
    'password = GetX("marten4k2q")',
    'password = Secret(marten4k2q)',
    'password = a::b::c::d::e::new("marten4k2q")',
    'password = Some(Some(Some(Some("marten4k2q"))))',
    `password = Secret${' '.repeat(64)}("marten4k2q")`,
    'x passwords: [0]',
    'x passwords: []',
    'x passwords: [first]',
    'x keys: ["marten4k2q"]',
    'a, key = Secret("q7XbT2mZ9RkLw4VnY6sPd3Fh")',
  ])('is not looked for in what asks for it, or names it: %s', (text) => {
    stays(text);
  });
});
