import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { github } from './repository.fixture.ts';
import { createByteScanner } from './scan-bytes.ts';
import { encodingOf } from './text-encoding.ts';

const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
const utf32 = (text: string, big: boolean) =>
  Buffer.concat(
    Array.from(text, (letter) => {
      const four = Buffer.alloc(4);
      if (big) four.writeUInt32BE(letter.codePointAt(0) ?? 0);
      else four.writeUInt32LE(letter.codePointAt(0) ?? 0);
      return four;
    }),
  );
const text = `# 設定ファイル: ключ\r\nexport const token = '${github}';\r\n${'# a line of text\r\n'.repeat(600)}`;
const noise = Buffer.concat(
  Array.from({ length: 400 }, (_, n) => createHash('sha256').update(String(n)).digest()),
);

describe('[SEC-020] how a file is read', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 (little-endian)', Buffer.from(text, 'utf16le')],
    ['UTF-16 (little-endian) with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 (big-endian)', bigEndian(text)],
    ['UTF-16 (big-endian) with a mark', bigEndian(`\uFEFF${text}`)],
    ['UTF-32 (little-endian)', utf32(text, false)],
    ['UTF-32 (big-endian) with a mark', utf32(`\uFEFF${text}`, true)],
    [
      'UTF-8 to which UTF-16 was appended',
      Buffer.concat([Buffer.from('# a line of text\n'.repeat(9)), Buffer.from(text, 'utf16le')]),
    ],
    [
      'UTF-8 to which UTF-16 was appended far behind',
      Buffer.concat([Buffer.from('# a line of text\n'.repeat(900)), Buffer.from(text, 'utf16le')]),
    ],
    [
      'UTF-16 to which UTF-8 was appended',
      Buffer.concat([Buffer.from('\uFEFF# a line of text\n'.repeat(9), 'utf16le'), Buffer.from(text)]),
    ],
    ['a text with a stray NUL', Buffer.from(`\0${text}`)],
    ['a text with a NUL far behind', Buffer.from(`${'# a comment\n'.repeat(900)}\0\0\0\n${text}`)],
  ])('%s, in pieces of any size', (_, bytes) => {
    for (const size of [1, 3, 777, 65_536]) {
      const scanner = createByteScanner();
      for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
      expect(scanner.end()).toMatchObject([{ kind: 'github-pat' }]);
    }
  });

  it('gives the same secret the same mark in every encoding', () => {
    const marks = [Buffer.from(text), Buffer.from(text, 'utf16le'), bigEndian(text), utf32(text, true)].map(
      (bytes) => {
        const scanner = createByteScanner();
        scanner.push(bytes);
        return scanner.end();
      },
    );
    expect(new Set(marks.map((found) => JSON.stringify(found))).size).toBe(1);
  });

  it.each([
    ['noise', noise],
    ['noise with a secret', Buffer.concat([noise, Buffer.from(text)])],
    ['numbers of two bytes', Buffer.from(Uint16Array.from({ length: 4_000 }, (_, n) => n % 300).buffer)],
    ['numbers of four bytes', Buffer.from(Uint32Array.from({ length: 2_000 }, (_, n) => n * 7).buffer)],
    ['nothing but NUL', Buffer.alloc(9_000)],
    ['a NUL', Buffer.from([0])],
  ])('not at all when it is %s', (_, bytes) => {
    expect(encodingOf(bytes)).toBe('binary');
  });

  it('as bytes when it is empty or short', () => {
    for (const bytes of ['', 'a', 'ab']) expect(encodingOf(Buffer.from(bytes))).toBe('bytes');
  });
});
