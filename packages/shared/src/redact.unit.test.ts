import { describe, expect, it } from 'vitest';
import { redact, redactValue } from './redact.ts';
import { secretPatterns } from './redact-patterns.ts';

// Built from parts so that no scanner takes this file for a leak.
const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIj';
const samples: Array<[kind: string, secret: string, text: (s: string) => string]> = [
  ['jwt', `eyJ${letters}.eyJ${letters}.${letters}`, (s) => `token ${s} was sent`],
  ['anthropic-key', `sk-${'ant'}-api03-${letters}`, (s) => `using ${s}`],
  ['openai-key', `sk-${'proj'}-${letters}`, (s) => `key ${s},`],
  ['stripe-key', `sk_${'live'}_${letters}`, (s) => `charged with ${s}`],
  ['github-token', `ghp_${letters.slice(0, 36)}`, (s) => `git clone with ${s}`],
  ['slack-token', `xoxb-${'1234567890'}-${letters}`, (s) => s],
  ['aws-key-id', `AKIA${'ABCDEFGHIJKLMNOP'}`, (s) => `id ${s}`],
  ['google-key', `AIza${letters.slice(0, 35)}`, (s) => `?key=${s}`],
  ['telegram-token', `123456789:${letters.slice(0, 35)}`, (s) => `https://host/bot${s}/getMe`],
  ['groq-key', `gsk_${letters}`, (s) => s],
  ['url-password', 'hunter2secret', (s) => `redis://user:${s}@127.0.0.1:6379/0`],
  ['url-password', 'p:a$s', (s) => `postgres://postgres:${s}@db/postgres`],
  ['bearer', letters, (s) => `Authorization: Bearer ${s}`],
  ['cookie', 'sid=abcdef123', (s) => `cookie: ${s}`],
  ['named', 'correct horse', (s) => `{"password": "${s}", "user": "x"}`],
  ['named', 'hunter2hunter2', (s) => `PGPASSWORD=${s} psql`],
  ['named', 'abcd1234', (s) => `--api-key=${s} --verbose`],
  ['named', 'abcd1234efgh', (s) => `client_secret: '${s}'`],
];

describe('redact', () => {
  it.each(samples)('[SEC-020] takes a %s out of a line', (kind, secret, text) => {
    const out = redact(text(secret));
    expect(out).not.toContain(secret);
    expect(out).toContain(kind === 'named' ? '[redacted]' : '[redacted');
  });

  it('takes out a private key of several lines', () => {
    const key = `-----BEGIN ${'RSA'} PRIVATE KEY-----\n${letters}\n${letters}\n-----END RSA PRIVATE KEY-----`;
    expect(redact(`before\n${key}\nafter`)).toBe('before\n[redacted:private-key]\nafter');
  });

  it.each([
    'GET /v1/jobs/selftest 202 in 3 ms',
    'max_tokens: 4096, tokens: 12',
    'password: required',
    'connected to postgres://localhost:5432/postgres',
    '550e8400-e29b-41d4-a716-446655440000',
    'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'see https://example.com/a:b/c?d=e',
    'task-force-one finished; risk-assessment done',
  ])('leaves ordinary text alone: %s', (line) => {
    expect(redact(line)).toBe(line);
  });

  it('changes nothing when it is applied twice', () => {
    for (const [, secret, text] of samples) {
      const once = redact(text(secret));
      expect(redact(once)).toBe(once);
    }
  });

  it('reads each character a bounded number of times, whatever the input', () => {
    // Steps, not seconds: the same hostile text four times as long may take about four times as long.
    const hostile = [
      'eyJ'.repeat(20_000),
      'password='.repeat(7_000),
      `-----BEGIN PRIVATE KEY-----${'-'.repeat(60_000)}`,
      '://'.repeat(20_000),
      'a:b@'.repeat(15_000),
      'Bearer '.repeat(9_000),
      '"token":"\\'.repeat(6_000),
    ];
    for (const text of hostile) expect(redact(text).length).toBeLessThanOrEqual(text.length * 4);
  }, 10_000);

  it('keeps every pattern global, so that the second secret goes too', () => {
    for (const { pattern } of secretPatterns) expect(pattern.global).toBe(true);
  });
});

describe('redactValue', () => {
  it('redacts by key name and by content, at any depth', () => {
    const input = {
      user: 'ann',
      password: 'abc',
      nested: [{ accessToken: 'x', note: `Bearer ${letters}` }],
      tests_passed: 3,
      max_tokens: 10,
    };
    expect(redactValue(input)).toEqual({
      user: 'ann',
      password: '[redacted]',
      nested: [{ accessToken: '[redacted]', note: 'Bearer [redacted:bearer]' }],
      tests_passed: 3,
      max_tokens: 10,
    });
    expect(input.password).toBe('abc');
  });

  it('cuts cycles and absurd depth instead of failing', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    expect(redactValue(cycle)).toEqual({ name: 'a', self: '[cut]' });
    let deep: unknown = 'end';
    for (let i = 0; i < 10_000; i++) deep = { deep };
    expect(JSON.stringify(redactValue(deep))).toContain('[cut]');
  });

  it('keeps errors readable without their secrets', () => {
    const error = new Error(`connect redis://:${'hunter2hunter2'}@host failed`);
    const out = JSON.stringify(redactValue({ error }));
    expect(out).toContain('[redacted:url-password]');
    expect(out).not.toContain('hunter2');
  });
});
