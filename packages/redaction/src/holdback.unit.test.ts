import { describe, expect, it } from 'vitest';
import { holdbackFrom } from './holdback.ts';
import { createRedactor } from './redact-stream.ts';

const base64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const begin = `-----BEGIN ${'PRIVATE'} KEY-----`;

/** How much of the whole lines of a text is held back. */
function held(text: string): string {
  const line = text.lastIndexOf('\n') + 1;
  return text.slice(holdbackFrom(text, 0, line), line);
}

describe('of whole lines is held back', () => {
  it.each<readonly [what: string, marked: string]>([
    ['a key that has not ended', `x\n«${begin}\n${base64}\n`],
    ['its first line', `x\n«y ${begin}\n`],
    ['one of some kind', `x\n«-----BEGIN RSA_2-X ${'PRIVATE'} KEY-----\n`],
    ['data whose kind may be said later', 'x\n«data:\n  a: b\nc: d\n'],
    ['the same within quotes', 'x\n«  "stringData": # x\n  a: b\n'],
    ['the same in capitals', "x\n«- 'DATA': \r\n  a: b\n"],
    ['the first of several', 'x\n«data:\n  a: b\ndata:\n'],
    ['a name whose value may follow', 'x\n«- name: DB_PASSWORD\n'],
    ['the same as JSON', 'x\n«{"key": "db.password",\n'],
    ['the same within JSON', 'x\n«{\\"id\\" : \\"db-password\\", \n'],
    ['the same with an equals sign', 'x\n«id = password\n\n\n'],
    ['a login whose password may follow', 'x\n«y login ann\n'],
    ['the same with blanks', 'x\n«y login \t ann\r\n\r\n'],
    ...['bearer', 'Basic', 'negotiate', 'NTLM', 'digest'].map(
      (word) => [`a word whose credential may follow: ${word}`, `x\n«sent ${word} \n\n`] as const,
    ),
  ])('%s', (_what, marked) => {
    expect(held(marked.replace('«', ''))).toBe(marked.slice(marked.indexOf('«') + 1));
  });

  it.each([
    ['a key that has ended', `${begin}\n${base64}\n-----END ${'PRIVATE'} KEY-----\n`],
    ['another thing', `-----BEGIN CERTIFICATE-----\n${base64}\n`],
    ['a kind in small letters', `-----BEGIN rsa ${'PRIVATE'} KEY-----\n`],
    ['data within a line', 'data: x\n'],
    ['data of another name', 'mydata:\n'],
    ['data far to the right', `${' '.repeat(25)}data:\n`],
    ['a name that is followed', 'name: DB_PASSWORD\nvalue: x\n'],
    ['another name', 'title: DB_PASSWORD\n'],
    ['a name of many words', 'name: DB PASSWORD!\n'],
    ['a name without a sign', 'name DB_PASSWORD\n'],
    ['a name far from its end', `name: x${'\n'.repeat(42)}`],
    ['a login that is followed', 'login ann at noon\n'],
    ['a word that is followed', 'bearer of news\n'],
    ['a word far from its end', `bearer${'\n'.repeat(9)}`],
    ['nothing', 'x\ny\n'],
  ])('nothing for %s', (_what, text) => {
    expect(held(text)).toBe('');
  });

  it('no more than what has not been let out, and nothing of the line that has not ended', () => {
    const text = `data:\n  a: b\n${begin}\nlogin ann`;
    const line = text.lastIndexOf('\n') + 1;
    expect(holdbackFrom(text, 13, line)).toBe(13);
    expect(holdbackFrom(text, 14, line)).toBe(line);
    expect(holdbackFrom('x\ndata:', 0, 2)).toBe(2);
    expect(holdbackFrom(`x\n${begin}`, 0, 2)).toBe(2);
  });

  it('no more than what a finding can reach', () => {
    const far = `data:\n${begin}\n${'x\n'.repeat(20_100)}`;
    expect(held(far)).toBe('');
    expect(held(far.slice(0, 39_000))).not.toBe('');
  });
});

describe('what is let out at once', () => {
  const after = (...chunks: string[]) => {
    const redactor = createRedactor();
    return chunks.map((chunk) => redactor.push(chunk)).join('');
  };
  it.each([
    ['x\ny', 'x\n'],
    ['x', ''],
    ['', ''],
    ['x\nname: A\n', 'x\n'],
    ['x\npassword: |\n  abc\n', 'x\n'],
    ['x\npassword: """\nabc\n', 'x\n'],
    ['x\npassword:\n', 'x\n'],
    ['x\ndata:\n  a: b\n', 'x\n'],
    ['x\npassword:\n  abc\ny\n', 'x\npassword:\n  abc\ny\n'],
  ])('of %j is %j', (text, out) => {
    expect(after(text)).toBe(out);
  });

  it('is the rest when it ends, after which it begins anew', () => {
    const redactor = createRedactor();
    expect(redactor.push('x\nname: A\ny')).toBe('x\n');
    expect(redactor.end()).toBe('name: A\ny');
    expect(redactor.end()).toBe('');
    expect(redactor.push('a\nb')).toBe('a\n');
    expect(redactor.push('c\n')).toBe('bc\n');
    expect(redactor.end()).toBe('');
  });

  it('[SEC-020] is a value that was found before, without its name', () => {
    expect(after('password=marten4k2q\n', 'and marten4k2q\n')).toMatch(
      /^password=(\[redacted:password:\w{6}\])\nand \1\n$/,
    );
  });

  it('is a line without an end, so far behind what has come', () => {
    const redactor = createRedactor();
    const word = 'lorem ipsum ';
    let out = redactor.push(word.repeat(6_666));
    expect(out).toBe('');
    out += redactor.push(word.repeat(10));
    expect(out.length).toBeGreaterThan(0);
    expect(out.length).toBeLessThan(200);
  });

  it('[SEC-020] is all of a value in which it would end', () => {
    const redactor = createRedactor();
    const value = 'x4'.repeat(2_000);
    const rest = 'lorem '.repeat(13_000);
    expect(redactor.push(`password="${value}"\n`.slice(0, 4_000))).toBe('');
    const out = redactor.push(`${`password="${value}"`.slice(4_000)} ${rest}`);
    expect(out).toMatch(/^password="\[redacted:password:\w{6}\]$/);
    const all = out + redactor.end();
    expect(all).toMatch(/^password="\[redacted:password:\w{6}\]" lorem /);
    expect(all.endsWith(rest)).toBe(true);
  });

  it('[SEC-020] is no value that only what comes later tells', () => {
    const redactor = createRedactor();
    expect(redactor.push('a marten4k2q\n')).toBe('a marten4k2q\n');
    expect(redactor.push('password=marten4k2q and marten4k2q\n')).toMatch(
      /^password=(\[redacted:password:\w{6}\]) and \1\n$/,
    );
  });
});
