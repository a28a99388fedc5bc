import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { parseEnvFile } from './parse.ts';

const mark = '\uFEFF';
const read = (content: Uint8Array | string) => parseEnvFile(content, './.env');
const said = (content: Uint8Array | string): string => {
  try {
    read(content);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('.env, as a shell reads it', () => {
  it.each([
    [
      'a # that no blank precedes belongs to the value',
      'A=field-horse-2026#battery',
      'field-horse-2026#battery',
    ],
    ['also at its beginning', 'A=#battery', '#battery'],
    ['behind a blank it begins a comment', 'A=horse # battery', 'horse'],
    ['also behind quotes', `A='horse' # "battery"`, 'horse'],
    ['everything counts in single quotes', String.raw`A='a $b \c "d" #e'`, String.raw`a $b \c "d" #e`],
    ['escapes of double quotes', `A="it's \\$5 \\"now\\" \\\\ \\\`"`, 'it\'s $5 "now" \\ `'],
    ['other backslashes there are kept', String.raw`A="C:\temp"`, String.raw`C:\temp`],
    ['line ends inside quotes', `A='one\ntwo'\n`, 'one\ntwo'],
    ['behind export', 'export A=word', 'word'],
    ['blanks around the assignment', '\t A=word \t', 'word'],
    ['signs that no shell minds', 'A=a=b,c:d@e/f.g%h+i-j_k{l}[m]*?!^', 'a=b,c:d@e/f.g%h+i-j_k{l}[m]*?!^'],
    ['the last one counts', 'A=one\nA=two', 'two'],
    ['nothing', 'A=', ''],
    ['nothing but a comment', 'A= # unset', ''],
  ])('%s', (_what, text, value) => {
    expect(read(text).values).toEqual({ A: value });
  });

  it.each([
    ['a byte order mark', `${mark}A=word\nB=1\n`],
    ['line ends of Windows', 'A=word\r\nB=1\r\n'],
    ['both, and no line end at the end', `${mark}A=word\r\nB=1\r`],
    ['both kinds of line ends', 'A=word\r\nB=1\n'],
  ])('tolerates %s, and gives the text that a shell reads as well', (_what, content) => {
    const { values, text } = read(content);
    expect(values).toEqual({ A: 'word', B: '1' });
    expect(text.trimEnd()).toBe('A=word\nB=1');
  });

  it('takes line ends inside quotes for those of the editor when all are of Windows', () => {
    expect(read(`A='one\r\ntwo'\r\nB=1\r\n`).values).toEqual({ A: 'one\ntwo', B: '1' });
    expect(said(`A='one\r\ntwo'\nB=1\n`)).toContain('./.env, line 1: A has a control character');
  });

  it.each([
    ['a blank', 'KEY=secret word', 'KEY has a blank'],
    ['a blank before the value', 'KEY= secret', 'KEY has a blank'],
    ['a variable', 'KEY=secret$word', 'KEY has a $ or `'],
    ['a command', 'KEY=`secret`', 'KEY has a $ or `'],
    ['a backslash', String.raw`KEY=secret\word`, 'KEY has a backslash'],
    ['a quote inside', `KEY=secret's`, 'KEY has a quote inside'],
    ['an operator', 'KEY=secret&word', 'KEY has one of ; & |'],
    ['a parenthesis', 'KEY=secret(word', 'KEY has one of ; & |'],
    ['a home folder', 'KEY=~/secret', 'KEY has a ~'],
    ['text behind quotes', `KEY='secret'word`, 'KEY has something behind the closing quote'],
    ['a comment without a blank', `KEY='secret'#word`, 'KEY has something behind the closing quote'],
    ['a variable in double quotes', 'KEY="secret $word"', 'KEY has a $ or ` in double quotes'],
    ['an escaped line end in double quotes', String.raw`KEY="secret\nword"`, 'KEY has \\n'],
    ['a line that goes on', 'KEY="secret\\\nword"', 'KEY has \\n'],
    ['an open quote', `KEY='secret\nB=1\n`, 'KEY has a quote that is never closed'],
    ['blanks at an end', `KEY=' secret'`, 'KEY begins or ends with a blank'],
    ['a wildcard behind export', 'export KEY=secret*', 'KEY has a wildcard'],
    ['a control character', 'KEY="secret\u0007"', 'KEY has a control character'],
    ['a lone carriage return', 'KEY=secret\rword', 'KEY has a control character'],
    ['two carriage returns', 'KEY=secret\r\r\n', 'KEY has a control character'],
    ['a name of the shell', 'UID=4711', 'UID is a name that shells keep'],
    ['blanks around the =', 'KEY = secret', 'is neither a comment nor NAME=value'],
    ['an addition', 'KEY+=secret', 'is neither a comment nor NAME=value'],
    ['a command of its own', 'secret', 'is neither a comment nor NAME=value'],
  ])('refuses %s, with its line and without its value', (_what, line, message) => {
    const text = said(`# mine\nBEFORE=1\n${line}\nAFTER=2\n`);
    expect(text).toContain(`./.env, line 3: ${message}`);
    expect(text).not.toMatch(/secret|4711/);
  });

  it('says how to write it: everything fits into one of two kinds of quotes', () => {
    expect(said('KEY=a b')).toContain('put the whole value in single quotes');
    expect(said(`KEY=it's`)).toContain('double quotes, with a backslash before each of \\ " $ `');
  });

  it('names every fault in one go, with its own line', () => {
    const text = said(`A='one\ntwo'\nB=a b\n\nC='x'y\nD=ok\nE=$x\n`);
    expect(text.match(/line \d+: [A-Z]/g)).toEqual(['line 3: B', 'line 5: C', 'line 7: E']);
  });

  it('refuses what is no text in UTF-8', () => {
    const utf16 = Buffer.from(`${mark}A=secret\n`, 'utf16le');
    expect(said(utf16)).toContain('./.env, line 1: is no text in UTF-8');
    expect(said(Buffer.from('A=1\nB=\xff\n', 'latin1'))).toContain('./.env, line 2: is no text in UTF-8');
    expect(said('A=1\nB=2\nC=\0')).toContain('./.env, line 3: is no text in UTF-8');
  });
});
