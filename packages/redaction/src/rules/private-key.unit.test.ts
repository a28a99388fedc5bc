import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

const base64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const half = base64.slice(0, 24);
const begin = (kind = '') => `-----BEGIN ${kind}PRIVATE KEY-----`;
const end = (kind = '') => `-----END ${kind}PRIVATE KEY-----`;
const isTaken = (text: string) =>
  expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'private-key'));
/** A key whose lines have something in front of each. */
const withPrefix = (prefix: (line: number) => string, lines: readonly string[]) =>
  lines.map((line, n) => `${prefix(n)}${line}`).join('\n');

describe('a private key', () => {
  it.each(['', 'RSA ', 'EC ', 'DSA ', 'ENCRYPTED ', 'OPENSSH ', 'X-25_519 '])(
    '[SEC-020] is of any kind: %s',
    (kind) => {
      isTaken(`x «${begin(kind)}\n${base64}\n${half}=\n${end(kind)}» y`);
    },
  );

  it.each([
    `«-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\nComment: x, y\n\n${base64}\n=${half}\n-----END PGP PRIVATE KEY BLOCK-----»\nx`,
    `«${begin()}\r\n${base64}\r\n${end()}»\r\nx`,
    `"«${begin()}\\n${base64}\\n${half}=\\n${end()}»\\n"`,
    `"«${begin()}\\\\n${base64}\\\\n${end()}»\\\\n"`,
    `"«${begin()}\\r\\n${base64}\\r\\n${end()}»"`,
    `«${begin()}\\\n${base64}\\\n${end()}» x`,
    `«${begin()} ${base64} ${half} ${end()}» x`,
    `«${begin()}\n>${base64}\n#${half}=\n"${end()}» x`,
    String.raw`"«${begin()}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,1F2E\n\n${base64}\n${end()}»"`,
    `«${begin()}\n${'ab\n'.repeat(6)}${base64}»\n`,
    `«${begin()}${base64}${end()}» x`,
    `«${begin()}\t${half}\t${end()}»`,
    ...Array.from('>#*|"\'+,').map(
      (mark) => `«${begin()}\n${mark} ${base64}\n${mark} ${half}=\n${mark} ${end()}» x`,
    ),
    `«${begin()}\n  ${base64}\n    ${base64}\n  ${end()}» x`,
    ...[
      'Proc-Type: 4,ENCRYPTED',
      'DEK-Info: AES-128-CBC,1F2E',
      'Version:1',
      'Comment: a',
      'Charset: utf-8',
      'Hash: SHA256',
      'MessageID: 7',
    ].map((field) => `«${begin('RSA ')}\n${field}\n\n${base64}\n${end('RSA ')}» x`),
    `«${begin()}\n${base64}\n${base64.slice(0, 30)}_-/+\n${end()}» x`,
    `«${begin()}\n${half}\n${half}\n${half.slice(4)}=\n${end()}» x`,
    `«${begin()}\nE   ${base64.slice(0, 40)}\nE   ${half}\nE   ${end()}» x`,
    `«${begin()}\n${base64}\n12:00 ${end()}» x`,
  ])('[SEC-020] is taken out up to its end: %j', (text) => {
    isTaken(text);
  });

  it.each([
    `«${begin()}\n${base64}»`,
    `«${begin()}\n${base64}\n${base64.slice(0, 20)}»`,
    `«${begin()}\n${half}»\n(and more)`,
    `«${begin()}\n${half}\n${half}\n${half.slice(4)}»\nand more`,
    `«${begin()}\n${base64}\n${half}»\nand more`,
    `«${begin()}\n${base64.slice(0, 40)}\n${base64.slice(0, 40)}\n${half}»\nand more`,
    `«${begin()}\n${'E   X: y\n'.repeat(6)}E   ${base64}\nE   ${half}»\n`,
    `«${begin()}\n${base64}»\n`,
    `«${begin()}\n${base64}»"}`,
    `«${begin()}\n${base64}»</key>`,
    `«${begin()}\n${base64}»\n-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`,
    `«${begin()}\n${base64}\n${half}»;x`,
    `«${begin()}\n${base64}\n${half}»)x`,
    `«${begin()}\n${base64}\n${half}»]x`,
    `«${begin()}\n${base64}\n${half}»}x`,
    `«${begin()}\n${base64}\n${half}»\\x`,
  ])('[SEC-020] is taken out as far as it goes when it is cut off: %j', (text) => {
    isTaken(text);
  });

  it('[SEC-020] stands twice', () => {
    const key = `${begin()}\n${base64}\n${end()}`;
    isTaken(`«${key}»\n«${key}» x`);
  });

  it.each([
    ['the time of a log', (n: number) => `2026-11-22 12:00:0${n} INFO [app-${n}] `],
    ["a report's margin", () => 'E         '],
    ['a name and a sign', () => 'app-1 | '],
    ['a bracket', () => '[1]'],
    ['an arrow', (n: number) => `${n}>`],
    ['a colon', () => 'app:'],
    ['their number', (n: number) => `${n + 8}:`],
    ['their number below the others', (n: number) => `${`${n + 8}`.padStart(6)}\t`],
    ['their number and a margin', (n: number) => `id_rsa ${`${n + 98}`.padStart(3)} | `],
    ['a time of few digits or more', (n: number) => `12:00:0${n}.${7 ** (2 * n)} `],
  ])('[SEC-020] stands in lines that begin with %s', (_what, prefix) => {
    const lines = [begin('RSA '), base64, base64, half, end('RSA ')];
    expect(withoutFingerprints(redact(`${withPrefix(prefix, lines)} x\ny`))).toBe(
      `${prefix(0)}[redacted:private-key] x\ny`,
    );
    const cut = withoutFingerprints(redact(withPrefix(prefix, lines.slice(0, 4))));
    expect(cut).toBe(`${prefix(0)}[redacted:private-key]`);
    const old = [
      begin('RSA '),
      'Proc-Type: 4,ENCRYPTED',
      'DEK-Info: AES-128-CBC,1F2E',
      '',
      base64,
      half,
      end('RSA '),
    ];
    expect(withoutFingerprints(redact(`${withPrefix(prefix, old)} x`))).toBe(
      `${prefix(0)}[redacted:private-key] x`,
    );
  });

  it('ends where its lines begin otherwise, or another key begins', () => {
    const first = `${begin()}\nE   ${base64}\n`;
    expect(redact(`${first}(other) ${base64}\n`)).toMatch(/^\[redacted:private-key:\w{6}\]\n\(other\) MII/);
    expect(redact(`${first}E   ${base64}\nE   ${half}\nE   and more words`)).toMatch(
      /^\[redacted:private-key:\w{6}\]\nE {3}and more words$/,
    );
    const twice = redact(`${first}E   ${first}`);
    expect(withoutFingerprints(twice)).toMatch(/^\[redacted:private-key\][\nE ]+\[redacted:private-key\]\n$/);
  });

  it.each([
    '-----BEGIN PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----',
    '-----BEGIN RSA PRIVATE KEYS-----',
    '-----BEGIN rsa PRIVATE KEY-----',
    `-----BEGIN ${'A'.repeat(61)}PRIVATE KEY-----`,
    '-----BEGIN PRIVATE KEY----',
  ])('is not seen behind %s', (head) => {
    const text = `${head}\n${base64}\n${half}\n`;
    expect(redact(text)).toBe(text);
  });

  it.each([
    begin(),
    `${begin()}\n${base64.slice(0, 23)}\n`,
    `${begin()}\nanything\n`,
    `${begin()}\n${'ab\n'.repeat(7)}${base64}\n`,
    `${begin()} ... ${end()}`,
    `${begin()}\n${base64.slice(0, 30)}! and more`,
    `${begin()}\nsome words of an example that is longer\nthan a line\n`,
    `${begin()}\n${'Comment: a\n'.repeat(3)}`,
    `${begin()}\nE   ${base64.slice(0, 39)}\nE   ${base64.slice(0, 39)}\n`,
    `${begin()}\n${'E   X: y\n'.repeat(7)}E   ${base64}\nE   ${half}\n`,
  ])('is not seen where there is none: %j', (text) => {
    expect(redact(text)).toBe(text);
  });
});
