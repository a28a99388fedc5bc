import { describe, expect, it } from 'vitest';
import { isSecretSetting, secretValues } from './secret-values.ts';

const password = ['p', 'ss/word'].join('@');
const written = encodeURIComponent(password);

describe('what redaction takes out wherever it stands', () => {
  it.each<[what: string, settings: object, values: readonly string[]]>([
    ['a secret by its name', { WORKER_SECRET: 'one' }, ['one']],
    ['a previous one', { SESSION_SECRET_PREVIOUS: 'one' }, ['one']],
    ['a key', { STRIPE_SECRET_KEY: 'one', GROQ_API_KEY: 'two' }, ['one', 'two']],
    ['a token, a passphrase', { ACD_TOKEN: 'one', BACKUP_PASSPHRASE: 'two' }, ['one', 'two']],
    [
      'the password in an address, as it is and as it is written',
      { DATABASE_URL: `postgres://actp:${written}@127.0.0.1:5432/postgres` },
      [written, password],
    ],
    [
      'one without a user, and in each of several addresses',
      { REDIS_URL: `redis://:${written}@127.0.0.1:6379,rediss://a:other@127.0.0.2` },
      [written, password, 'other', 'other'],
    ],
    [
      'in addresses that were read already',
      { REDIS_SENTINELS: [{ host: '127.0.0.1', port: 1, password }] },
      [password, written],
    ],
    [
      'a header as it is written and as it is sent, and without its scheme',
      { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abcdef' },
      ['authorization=Bearer%20abcdef', 'Bearer%20abcdef', 'Bearer abcdef', 'abcdef'],
    ],
    ['an address without a password', { SUPABASE_URL: 'http://127.0.0.1:54321' }, []],
    [
      'what is no secret',
      { GATEWAY_HOST: '127.0.0.1', TELEGRAM_EXTRA_CHAT_IDS: ['-1'], STOP_SECONDS: 10 },
      [],
    ],
    ['nothing', { WORKER_SECRET: undefined }, []],
  ])('%s', (_what, settings, values) => {
    expect(secretValues(settings).toSorted()).toEqual(values.toSorted());
  });
});

describe('a setting whose value is not shown', () => {
  it.each([
    'DATABASE_URL',
    'REDIS_URL',
    'REDIS_CLUSTER_NODES',
    'REDIS_SENTINELS',
    'OTEL_EXPORTER_OTLP_HEADERS',
  ])('may hold one, whatever its name: %s', (name) => expect(isSecretSetting(name)).toBe(true));
  it.each(['SUPABASE_URL', 'GATEWAY_PORT', 'KEYBOARD'])('is not %s', (name) =>
    expect(isSecretSetting(name)).toBe(false),
  );
});
