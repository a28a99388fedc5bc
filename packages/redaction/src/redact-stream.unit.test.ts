import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useFingerprintKey } from './fingerprint.ts';
import { createKnownValues } from './engine/known-values.ts';
import { finder, redact, replaceKnown } from './redact.ts';
import { createRedactor, redactingStream } from './redact-stream.ts';
import { samples } from './samples/token-samples.ts';

useFingerprintKey('a key for these tests, of no use elsewhere');

const texts = samples.map(([, , { text }]) => text);

/** What comes out when a text comes in pieces that end at these places. */
function inPieces(text: string, cuts: readonly number[]): string {
  const redactor = createRedactor();
  let out = '';
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    out += redactor.push(text.slice(at, cut));
    at = Math.max(at, cut);
  }
  return out + redactor.push(text.slice(at)) + redactor.end();
}

/** What came out, without the values that only the whole text tells to be secrets. */
function withLaterKnown(out: string, text: string): string {
  const known = createKnownValues();
  known.learn(text, finder.find(text) ?? []);
  return replaceKnown(out, known);
}

describe('a redactor of text in pieces', () => {
  it('[SEC-020] gives the same for every cut of every sample as for the whole', () => {
    for (const text of texts) {
      const whole = redact(text);
      for (let cut = 0; cut <= text.length; cut += 1) expect(inPieces(text, [cut])).toBe(whole);
    }
  });

  it('[SEC-020] gives the same for any pieces of any samples after one another', () => {
    const line = fc.constantFrom(
      ...texts,
      'an ordinary line',
      '',
      '---',
      'data:',
      '{"a":1}',
      'x: y',
      'curl https://host \\',
    );
    const end = fc.constantFrom('\n', '\r\n', ' ', '\n\n', '\n  ');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, end), { maxLength: 8 }),
        fc.array(fc.nat(2_000), { maxLength: 12 }),
        (lines, cuts) => {
          const text = lines.flat().join('');
          const out = inPieces(
            text,
            cuts.map((cut) => Math.min(cut, text.length)),
          );
          // But for values that stood without a name before the place that tells what they are.
          expect(withLaterKnown(out, text)).toBe(redact(text));
          expect(redact(out)).toBe(out);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('knows where a key ends that another one follows on the same line, wherever it is cut', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    const key = `-----BEGIN RSA PRIVATE KEY-----\nE   ${body}\nE   ${body.slice(8)}\nE   -----END RSA PRIVATE KEY-----`;
    for (const between of [' ', '', ' x ']) {
      const text = `${key}${between}${key}\n`;
      const whole = redact(text);
      expect(whole).toMatch(/^\[redacted:private-key:\w+\].{0,3}\[redacted:private-key:\w+\]\n$/);
      for (let cut = 1; cut < text.length; cut += 1) expect(inPieces(text, [cut])).toBe(whole);
    }
  });

  it('[SEC-020] holds a text within quotes as long as a key goes on that begins in it', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    const lines = [body, '"""', body.slice(1), body.slice(2), '-----END RSA PRIVATE KEY-----', ''];
    const text = ['password = """', 'marten4k2q', '-----BEGIN RSA PRIVATE KEY-----', ...lines].join('\n');
    const whole = redact(text);
    expect(whole).toMatch(/^password = """\n\[redacted:private-key:\w+\]\n$/);
    for (let cut = 1; cut < text.length; cut += 1) expect(inPieces(text, [cut])).toBe(whole);
  });

  it('[SEC-020] knows a list that goes on in the next lines, wherever it is cut', () => {
    for (const text of [
      'passwords:\n  - marten4k2q\n  - "correct horse"\nnext: 1\n',
      'api_keys: [\n  "x7Qz9Lm2Vt5Rk8Wp4Bn6",\n  "y7Qz9Lm2Vt5Rk8Wp4Bn6"\n]\nnext: 1\n',
      '"tokens":\n[ "x7Qz9Lm2Vt5Rk8Wp4Bn6" ,\n\n"y7Qz9Lm2Vt5Rk8Wp4Bn6" ]\n',
    ]) {
      const whole = redact(text);
      for (let cut = 1; cut < text.length; cut += 1) expect(inPieces(text, [cut])).toBe(whole);
    }
    expect(redact('api_keys: [\n  "x7Qz9Lm2Vt5Rk8Wp4Bn6",\n  "y7Qz9Lm2Vt5Rk8Wp4Bn6"\n]')).toMatch(
      /^api_keys: \[\n  "\[redacted:api-key:\w+\]",\n  "\[redacted:api-key:\w+\]"\n\]$/,
    );
  });

  it('[SEC-020] waits for what is open at the end of a long piece', () => {
    const long = 'lorem ipsum\n'.repeat(5_000);
    const text = `${long}password: |\n  hunter2hunter2\nnext: 1\n`;
    const whole = redact(text);
    expect(whole).toMatch(/m\npassword: \|\n {2}\[redacted:password:\w+\]\nnext: 1\n$/);
    expect(inPieces(text, [text.indexOf('  hunter2')])).toBe(whole);
  });

  it('[SEC-020] knows a secret that reaches over what was let out, in all that comes behind it', () => {
    const before = 'lorem ipsum '.repeat(100);
    const text = `${before}password=hunter2hunter2 ${'dolor sit '.repeat(9_000)} hunter2hunter2 amet`;
    const within = text.indexOf('ter2hunter2');
    // A line without an end is let out 80,000 characters behind what has come.
    expect(inPieces(text, [within + 80_000])).toBe(redact(text));
  });

  it('begins anew when a text has ended', () => {
    const redactor = createRedactor();
    const first = redactor.push('password=hunter2hunter2\npassword=') + redactor.end();
    expect(first).toMatch(/^password=\[redacted:password:\w{6}\]\npassword=$/);
    expect(redactor.push('hunter2hunter2 is a word here\nan')).toBe('hunter2hunter2 is a word here\n');
    expect(redactor.push('other')).toBe('');
    expect(redactor.end()).toBe('another');
    expect(redactor.end()).toBe('');
  });

  it('lets out whole lines at once', () => {
    const redactor = createRedactor();
    expect(redactor.push('GET / 200\npassw')).toBe('GET / 200\n');
    expect(redactor.push('ord=hunter2hun')).toBe('');
    expect(redactor.push('ter2\nnext')).toMatch(/^password=\[redacted:password:\w{6}\]\n$/);
    expect(redactor.end()).toBe('next');
  });

  it('holds a bounded part of a line that does not end, and still lets nothing out', () => {
    const redactor = createRedactor();
    let given = 0;
    let out = '';
    for (let i = 0; i < 300; i += 1) {
      const chunk = i % 50 === 49 ? ` password=hunter2hunter2-${i} ` : 'lorem ipsum '.repeat(200);
      given += chunk.length;
      out += redactor.push(chunk);
      expect(given - out.length).toBeLessThan(170_000);
    }
    out += redactor.end();
    expect(out).not.toContain('hunter2');
    expect(out.match(/\[redacted:password:/g)).toHaveLength(6);
  });

  it('is a stream of its own as well', async () => {
    const stream = ReadableStream.from(['token=hunter2', 'hunter2\nbye']).pipeThrough(redactingStream());
    const out = (await Array.fromAsync(stream)).join('');
    expect(out).toMatch(/^token=\[redacted:token:\w{6}\]\nbye$/);
  });

  it('gives no empty pieces to who reads the stream', async () => {
    const pieces = ['an ', 'ordinary ', 'line\n'];
    const stream = ReadableStream.from(pieces).pipeThrough(redactingStream());
    expect(await Array.fromAsync(stream)).toEqual(['an ordinary line\n']);
  });
});
