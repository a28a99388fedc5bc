import { describe, expect, it } from 'vitest';
import { useFingerprintKey } from './fingerprint.ts';
import { redact } from './redact.ts';
import { samples } from './samples/token-samples.ts';

useFingerprintKey('a key for these tests, of no use elsewhere');

describe('redact', () => {
  it.each(samples)('[SEC-020] [POL-003] takes out a %s: %s', (kind, where, { secret, text }) => {
    const out = redact(text);
    expect(out, where).not.toContain(secret);
    expect(out).toMatch(new RegExp(`\\[redacted:${kind}:[0-9a-f]{6}\\]`));
  });

  it('says the kind, and by the fingerprint that two secrets are the same', () => {
    const [one, other] = ['A1b2', 'C3d4'].map((part) => ['ghp', part.repeat(9)].join('_'));
    const prints = redact(`${one} then ${one} then ${other}`).match(/[0-9a-f]{6}(?=\])/g) ?? [];
    expect(prints).toHaveLength(3);
    expect(prints[0]).toBe(prints[1]);
    expect(prints[0]).not.toBe(prints[2]);
  });

  it('gives other fingerprints under another key, so that a guess cannot be tried without it', () => {
    const before = redact('password=hunter2hunter2');
    useFingerprintKey('another key for these tests');
    expect(redact('password=hunter2hunter2')).not.toBe(before);
    useFingerprintKey('a key for these tests, of no use elsewhere');
    expect(redact('password=hunter2hunter2')).toBe(before);
  });

  it('changes nothing when it is applied twice', () => {
    for (const [, , { text }] of samples) {
      const once = redact(text);
      expect(redact(once)).toBe(once);
    }
  });

  it.each([
    'GET /v1/jobs/selftest 202 in 3 ms',
    'max_tokens: 4096, tokens: 12',
    'password: required',
    'password=${DB_PASSWORD} token=$TOKEN secret: {{ vault.secret }}',
    'password: <your-password>',
    'Authorization: Bearer <token>',
    `ghp_${'x'.repeat(36)}`,
    `AKIA${'*'.repeat(16)}`,
    '"password": "********"',
    'connected to postgres://localhost:5432/postgres',
    'postgres://user:${PGPASSWORD}@localhost/db',
    '550e8400-e29b-41d4-a716-446655440000',
    'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
    'trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7',
    'registry.example.com/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'etag: W/"9f1bf5bbe8de00f8742e592dc5f7f810"',
    'arn:aws:iam::123456789012:role/app',
    'see https://example.com/a:b/c?d=e',
    'task-force-one finished; risk-assessment done',
    'Invalid token: unexpected end of input',
    'Failed password for root from 10.0.0.1 port 22 ssh2',
    'const key = getKey(); cacheKey=user:1234:profile',
    'foreign_key: user_id_reference, idempotency_key=8f14e45f-ceea-467a-9c3b-1d2e3f4a5b6c',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----',
  ])('leaves ordinary text alone: %s', (line) => {
    expect(redact(line)).toBe(line);
  });

  it('leaves a placeholder alone, also one without a kind or a fingerprint', () => {
    const old =
      '{"password":"[redacted]","auth":"Bearer [redacted:bearer]","url":"redis://:[redacted:url-password]@h"}';
    expect(redact(old)).toBe(old);
  });

  it('takes out what stands beside a placeholder', () => {
    const out = redact('password="[redacted:token:0a1b2c] and hunter2hunter2"');
    expect(out).not.toContain('hunter2');
  });
});

it.each([
  'Authorization: Bearer',
  'Authorization: Basic',
  'Proxy-Authorization: Token',
  'password:',
  'api_key:',
])('[SEC-020] leaves what stands behind a value that was redacted as it was: %s', (name) => {
  const value = ['eyAb3kLm9Qr7Tz', 'Xw2Vn5Pc8Ld1Hf6Gs4'].join('');
  for (const behind of ['<add key="ClearTextPassword" value="hunter2" />', 'x = "ClearTextPassword9"']) {
    const once = redact(`${name} ${value} ${behind}`);
    expect(once).not.toContain(value);
    expect(redact(once)).toBe(once);
  }
});
