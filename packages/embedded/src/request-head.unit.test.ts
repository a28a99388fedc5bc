import { describe, expect, it } from 'vitest';
import { rewriteHead } from './request-head.ts';

const rewrite = (...lines: string[]) => rewriteHead(lines.join('\r\n'), '/rest/v1');

describe('the head of a request to PostgREST', () => {
  it('loses the prefix of its path and keeps every other byte', () => {
    expect(rewrite('GET /rest/v1/notes?a=%2F HTTP/1.1', 'Host: x', 'X-Odd:  two  words ')).toEqual({
      ok: true,
      head: 'GET /notes?a=%2F HTTP/1.1\r\nHost: x\r\nX-Odd:  two  words \r\n\r\n',
      body: { kind: 'length', bytes: 0 },
    });
  });

  it('says where the body ends', () => {
    const post = 'POST /rest/v1/notes HTTP/1.1';
    expect(rewrite(post, 'Content-Length: 12')).toMatchObject({ body: { kind: 'length', bytes: 12 } });
    expect(rewrite(post, 'transfer-encoding: Chunked')).toMatchObject({ body: { kind: 'chunked' } });
  });

  it.each([
    ['two lengths', ['Content-Length: 1', 'Content-Length: 1']],
    ['a length and chunks', ['Content-Length: 1', 'Transfer-Encoding: chunked']],
    ['a list of lengths', ['Content-Length: 1, 1']],
    ['a negative length', ['Content-Length: -1']],
    ['another coding', ['Transfer-Encoding: gzip, chunked']],
    ['a folded line', ['X-A: b', ' c']],
    ['a line feed alone', ['X-A: b\nTransfer-Encoding: chunked']],
    ['a space before the colon', ['Content-Length : 1']],
  ])('is refused with %s, since both sides might see different requests', (_what, lines) => {
    expect(rewrite('POST /rest/v1/notes HTTP/1.1', ...lines)).toMatchObject({ ok: false, status: 400 });
  });

  it.each(['', 'GET', 'GET /rest/v1/x', 'GET /rest/v1/x HTTP/2', 'get /rest/v1/x HTTP/1.1'])(
    'is refused when its first line is %j',
    (line) => {
      expect(rewrite(line)).toMatchObject({ ok: false, status: 400 });
    },
  );
});
