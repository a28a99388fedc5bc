import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { finder, redact } from '../redact.ts';

const v = '«marten4k2q»';
const isTaken = (text: string) =>
  expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'password'));
const stays = (text: string) => expect(redact(text)).toBe(text);

describe('a value on the lines below its name', () => {
  it.each([
    ...['|', '>', '|-', '>+', '|2', '>2-', '|-2', '| ', '|   ', '| # of the vault', '>- # x', '|\t'].map(
      (head) => `password: ${head}\n  ${v}\nnext: 1`,
    ),
    `password: |\r\n  ${v}\r\nnext: 1`,
    `password: |\n  ${v}`,
    `password: |\n ${v}\n`,
    `  password: |\n   ${v}\n  next: 1`,
    `- password: |\n    ${v}\n- next: 1`,
    `\tpassword: |\n\t\t${v}\n\tnext: 1`,
    `password: |\n  «first line\n  marten4k2q»\nnext: 1`,
    `password: |\n  «first line\n\n  marten4k2q»\n\nnext: 1`,
    `password: |\n\n  ${v}\nnext: 1`,
    `password: |\n  «${'x4'.repeat(2_040)}\n  x4»\nnext: 1`,
    // Here documents.
    `password = <<EOT\n${v}\nEOT\nnext`,
    `password = <<-EOT\n  ${v}\n  EOT`,
    `password = <<~EOT_2\n  ${v}\n\tEOT_2 x`,
    `password = <<"EOT"\n${v}\nEOT`,
    `password = <<'EOT' \t\n«marten\n4k2q»\nEOT`,
    `password = <<EOT\r\n${v}\r\nEOT`,
    `password = <<EOT\n«marten EOT4k2q»\nEOT`,
    `password = <<EOT\n«marten\nEOTs»\nEOT`,
    // On the next line.
    `password:\n  "${v}"\nnext`,
    `password:\n  ${v}\nnext`,
    `password:  \n  ${v}\n`,
    `password: \\\n  "${v}"`,
    `password = (\n  "${v}"\n)`,
    `password =\r\n  '${v}';`,
    `  password:\n    ${v}\n`,
    `password:\n  ${v}`,
    `password:\n  «Utf8Array»\n`,
  ])('[SEC-020] is taken out: %j', (text) => {
    isTaken(text);
  });

  it.each([
    'password: |\nmarten4k2q: 1',
    'password: |',
    'password: |x\n  marten4k2q\n',
    'password: |22\n  marten4k2q\n',
    'password: | x\n  marten4k2q\n',
    'password: |\n\n',
    '  password: |\n  marten4k2q\n',
    '- password: |\n  marten4k2q\n',
    'password = <<EOT marten4k2q\nEOT',
    'password = <<7OT\nmarten4k2q\n7OT',
    'password = <EOT\nmarten4k2q\nEOT',
    'password = <<EOT\n\nEOT\nmarten4k2q',
    'password = <<EOT\nmarten4k2q',
    'password:\nmarten4k2q\n',
    '  password:\n  marten4k2q\n',
    '  password:\n marten4k2q\n',
    'password:\n\n  marten4k2q\n',
    'password:\n  "name": "marten4k2q"\n',
    'password:\n  "name" = "marten4k2q"\n',
    'password:\n  name: marten4k2q\n',
    'password:\n  marten4k2q # x\n',
    'password:\n  marten more4k2q\n',
    'password:\n  -marten4k2q\n',
    'password:\n  hunter\n',
    'password:\n  48213977\n',
    'password: (y\n  marten4k2q\n',
  ])('is none when it is not further to the right, or another thing: %j', (text) => {
    stays(text);
  });
});

describe('a value within a thing that has the name', () => {
  it.each([
    `variable "db_password" {\n  default = "${v}"\n}`,
    `variable "db_password" {\n  type = string\n  default = "${v}"\n}`,
    `variable 'db_password' { default: '${v}' }`,
    `"db_password": {"value": "${v}"}`,
    `"db_password":{"plaintext":"${v}"}`,
    `"db_password" : {"stringValue":"${v}"}`,
    `"DbPassword": {"Type": "String", "Default": "${v}"}`,
    `"password": {"S": "${v}"}`,
    `password => { value = "${v}" }`,
    `password = {value: "${v}"}`,
    `password {value="${v}"}`,
    String.raw`{\"password\": {\"value\": \"${v}\"}}`,
  ])('[SEC-020] is taken out: %j', (text) => {
    isTaken(text);
  });

  it.each([
    'variable "db_password" {\n  type = "marten4k2q"\n}',
    'variable "db_password" {\n  type = string\n}\ndefault = "marten4k2q"',
    'variable "db_password" {\n  mydefault = "marten4k2q"\n}',
    'variable "db_password" {\n  default = marten4k2q\n}',
    'variable "db_password" x { default = "marten4k2q" }',
    'variable "db_password"               { default = "marten4k2q" }',
    'variable "region" { default = "marten4k2q" }',
    'sort_key { default = "marten4k2q" }',
    `variable "db_password" { x = "${'y'.repeat(600)}", default = "marten4k2q" }`,
  ])('is none when it is another field, or no value: %j', (text) => {
    stays(text);
  });
});

describe('what a text that ends leaves open', () => {
  const openAt = (marked: string) => {
    const text = marked.replace('«', '');
    finder.find(text);
    return finder.openFrom();
  };
  it.each([
    // A block, or what may become one.
    'x\n«password: |',
    'x\n«password: >-',
    'x\n«password: |2 ',
    'x\n«password: |\n  marten4k2q',
    'x\n«password: |\n  marten4k2q\n',
    'x\n«password: |\n',
    'x\npassword: «"""\nmarten4k2q',
    "x\npassword: «'''marten4k2q\n",
    'x\n«password: <',
    'x\n«password: <<',
    'x\n«password: <<-"EO',
    'x\n«password: <<EOT ',
    'x\n«password: <<EOT\nmarten4k2q\n',
    'x\n«password:',
    'x\n«password: ',
    'x\n«password:\n',
    'x\n«password:\n  mart',
    'x\n«db_password" {\n  type = 1',
    // Elements.
    'x <«password',
    'x <«password type="a"',
    'x <«password>mart',
    'x <entry key="«password',
    'x <key>«password<',
    'x <key>«password</',
    'x <key>«password</ke.y:x-1',
    'x <key>«password</key>',
    'x <key>«password</key> <',
    'x <key>«password</key>\n <str',
    'x <key>«password</key><string>mart',
  ])('[SEC-020] begins where its name does: %j', (marked) => {
    expect(openAt(marked)).toBe(marked.indexOf('«'));
  });

  it.each([
    'x\npassword: |x',
    'x\npassword: |\n  marten4k2q\nnext: 1\n',
    'x\npassword: <a',
    'x\npassword: <<EOT\nmarten4k2q\nEOT',
    'x\npassword: marten4k2q',
    'x\npassword:\n  marten4k2q\n',
    'x\npassword: """marten4k2q"""',
    'x\npassword: "marten4k2q',
    'x\ndb_password { default = "marten4k2q" }',
    'x <password>marten4k2q</password>',
    'x <password/>',
    'x <key>password</key> and more',
    'nothing',
  ])('is nothing where all is said: %j', (text) => {
    expect(openAt(text)).toBe(Infinity);
  });
});

describe('the items of a list below its name', () => {
  it.each([
    'passwords:\n  - «marten4k2q»\n  - "«correct horse»"\nnext: 1\n',
    'password:\n- «marten4k2q»\n- «other4k2q»\n',
    'passwords:   # of the team\r\n  -  «marten4k2q»\r\n',
    // Of several, what looks random.
    'tokens:\n  - hello\n  - «x7Qz9Lm2Vt5Rk8Wp4Bn6»\n  - DB_PASSWORD\n',
    '  - tokens:\n    - «x7Qz9Lm2Vt5Rk8Wp4Bn6»\n',
    'passwords:\n  - «marten4k2q»',
    `passwords:\n${'  - x\n'.repeat(63)}  - «marten4k2q»\n`,
  ])('are secrets: %j', (text) => {
    expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(
      asRedacted(text, text.includes('tokens') ? 'token' : 'password'),
    );
  });

  it.each([
    'passwords:\n  - name: marten4k2q\n',
    'passwords:\n  - "name": "correct horse"\n',
    'passwords:\n  - hunter\n',
    '  passwords:\n  marten4k2q\n',
    '  passwords:\n- marten4k2q\n',
    'passwords: x\n  - marten4k2q\n',
    'passwords:\n\n  - marten4k2q\n',
    'passwords:\n  -marten4k2q\n',
    'tokens:\n  - "correct horse"\n',
    'names:\n  - marten4k2q\n',
    `passwords:\n${'  - x\n'.repeat(64)}  - marten4k2q\n`,
  ])('are none, or of something else: %j', (text) => {
    stays(text);
  });
});
