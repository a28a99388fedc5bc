import { describe, expect, it } from 'vitest';
import { findHidden, type Hidden } from './decode.ts';

const plain = 'a readable text';
const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64').replace(/=+$/, '');
const hex = (text: string, between = '', before = '') =>
  Array.from(bytes(text), (byte) => before + byte.toString(16).padStart(2, '0')).join(between);
const binary = (text: string, between = '') =>
  Array.from(bytes(text), (byte) => byte.toString(2).padStart(8, '0')).join(between);
const sentence = 'the quick brown fox jumps over the lazy dog by the river';

describe('pieces of a text that hide another one', () => {
  it.each<{ as: string; how: Hidden['how']; code: string; text: string }>([
    { as: 'Base64', how: 'base64', code: base64(plain), text: plain },
    { as: 'the shortest Base64', how: 'base64', code: base64('twelve signs'), text: 'twelve signs' },
    {
      as: 'Base64 for addresses',
      how: 'base64',
      code: bytes('abcdefghijkl>>>???~~~').toString('base64url'),
      text: 'abcdefghijkl>>>???~~~',
    },
    {
      as: 'Base64 with + and /',
      how: 'base64',
      code: base64('abcdefghijkl>>>???~~~'),
      text: 'abcdefghijkl>>>???~~~',
    },
    {
      as: 'Base64 in lines',
      how: 'base64',
      code: base64(sentence.repeat(2)).replaceAll(/.{60}/g, '$&\r\n'),
      text: sentence.repeat(2),
    },
    { as: 'Base64 of UTF-16', how: 'base64', code: base64(bytes(plain, 'utf16le')), text: plain },
    { as: 'letters of other scripts', how: 'base64', code: base64('тайный текст'), text: 'тайный текст' },
    { as: 'hexadecimal', how: 'hexadecimal', code: hex(plain), text: plain },
    { as: 'the shortest hexadecimal', how: 'hexadecimal', code: hex('twelve signs'), text: 'twelve signs' },
    {
      as: 'hexadecimal in capitals',
      how: 'hexadecimal',
      code: hex('jklmnopqrstuvw').toUpperCase(),
      text: 'jklmnopqrstuvw',
    },
    { as: 'hexadecimal with spaces', how: 'hexadecimal', code: hex(plain, ' '), text: plain },
    { as: 'hexadecimal with colons', how: 'hexadecimal', code: hex(plain, ':'), text: plain },
    { as: 'hexadecimal as in C', how: 'hexadecimal', code: hex(plain, ',', '0x'), text: plain },
    {
      as: 'hexadecimal as in strings',
      how: 'hexadecimal',
      code: hex(plain, '', String.raw`\x`),
      text: plain,
    },
    { as: 'binary', how: 'binary', code: binary(plain), text: plain },
    { as: 'binary with spaces', how: 'binary', code: binary('twelve signs', ' '), text: 'twelve signs' },
    { as: 'Morse', how: 'Morse', code: '-.- . . .--. / .. - / --.- ..- .. . -', text: 'keep it quiet' },
    {
      as: 'Morse with bars',
      how: 'Morse',
      code: '.- -... -.-. -.. | ..-. --. .... .. .--- | -..- -.-- --..',
      text: 'abcd fghij xyz',
    },
    {
      as: 'Morse with wide gaps',
      how: 'Morse',
      code: '.-.. -- -. --- .--.  .-. ... ...- .-- -..- -.-- --..',
      text: 'lmnop rsvwxyz',
    },
  ])('are found: $as', ({ how, code, text }) => {
    const found = findHidden(`: ${code} ;`).filter((hidden) => hidden.how === how);
    expect(found.map((hidden) => ({ ...hidden, text: hidden.text.trim().replaceAll(/ +/g, ' ') }))).toEqual([
      {
        how,
        text,
        start: 2,
        end: expect.toSatisfy((end: number) => end >= code.length + 2 && end <= code.length + 3),
      },
    ]);
  });

  it('are all found, each in its place', () => {
    const text = `${base64(plain)} ${base64(sentence)}`;
    expect(findHidden(text)).toEqual([
      { how: 'base64', text: plain, start: 0, end: base64(plain).length },
      { how: 'base64', text: sentence, start: base64(plain).length + 1, end: text.length },
    ]);
  });

  it.each([
    ['fewer than twelve signs', base64('eleven sign')],
    ['fewer than twelve pairs', hex('eleven sign')],
    ['fewer than twelve bytes of eight', binary('eleven sign', ' ')],
    ['digits', base64('0123456789012345')],
    ['half letters, less one', base64('abcdefg123456789')],
    ['control signs', base64('abcdefghij\u0001\u0002klmnop')],
    ['deletions', base64('abcdefghij\u007f\u007fklmnop')],
    ['bytes that no text has', base64(Buffer.from([...bytes('abcdefghijklmnop'), 0xf8, 0xff]))],
    ['broken UTF-8', base64(Buffer.from([...bytes('abcdefghijklmnop'), 0xc3, 0x28, 0xc3, 0x28]))],
    ['words', sentence],
    ['dots', '... --- ...'],
  ])('are none: %s', (_what, text) => expect(findHidden(`: ${text} ;`)).toEqual([]));

  it('may have line ends, tabs, as many letters as other signs, and a few broken letters', () => {
    for (const text of ['two\nlines\r\nwith\ttabs', 'abcdefgh12345678', `${sentence}\u0001`])
      expect(findHidden(base64(text)).map((hidden) => hidden.text)).toEqual([text]);
    const broken = Buffer.from([...bytes(sentence), 0xc3]);
    expect(findHidden(base64(broken)).map((hidden) => hidden.text)).toEqual([`${sentence}\ufffd`]);
  });

  it('joins lines only where they were broken', () => {
    const [first, second] = [base64(`${sentence.slice(0, 42)}`), base64(`${sentence.slice(0, 45)}`)];
    expect(findHidden(`${first}\n${second}`)).toHaveLength(2);
    expect(findHidden(`${second}\n${second}`)).toHaveLength(1);
  });
});
