import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from './config.ts';
import { ConfigError } from './errors.ts';
import { settings } from './settings.ts';

/** The rule that each refused key broke. */
function refused(shape: Parameters<typeof parseConfig>[0], env: Record<string, string | undefined>) {
  try {
    parseConfig(shape, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const required = {
  WORKER_SECRET: 'w'.repeat(32),
  SESSION_SECRET: 's'.repeat(32),
  SUPABASE_URL: 'http://127.0.0.1:54321',
  SUPABASE_SERVICE_ROLE_KEY: 'key',
  OPERATOR_PASSWORD: 'correct horse',
  AUDIT_SIGNING_KEY: 'k'.repeat(32),
};

describe('the origins of callbacks', () => {
  const shape = { CALLBACK_ORIGINS: settings.CALLBACK_ORIGINS };

  it('are origins, whatever follows them', () => {
    expect(parseConfig(shape, { CALLBACK_ORIGINS: 'https://Hooks.example/x,http://127.0.0.1:9400' })).toEqual(
      {
        CALLBACK_ORIGINS: ['https://hooks.example', 'http://127.0.0.1:9400'],
      },
    );
  });

  it.each([
    'https://bot:word@hooks.example',
    'http://bot@127.0.0.1:9400',
    'ftp://hooks.example',
    'hooks.example',
  ])('cannot be %s, which is refused without being shown', (CALLBACK_ORIGINS) => {
    const { message } = refused(shape, { CALLBACK_ORIGINS });
    expect(message).toContain('CALLBACK_ORIGINS: must be origins');
    expect(message).not.toContain(CALLBACK_ORIGINS);
  });
});

describe('headers for the receiver of traces', () => {
  const shape = { OTEL_EXPORTER_OTLP_HEADERS: settings.OTEL_EXPORTER_OTLP_HEADERS };

  it.each(['authorization=Bearer%20abc', 'a=1,b=', ' a = 1 , b-c = 2=2'])('are taken: %s', (value) => {
    expect(parseConfig(shape, { OTEL_EXPORTER_OTLP_HEADERS: value })).toEqual({
      OTEL_EXPORTER_OTLP_HEADERS: value.trim(),
    });
  });

  it.each(['a b c', 'authorization: Bearer abc', 'a=1,,b=2', 'a=1,b', '=1'])(
    'are refused, and not sent without a word: %s',
    (value) => {
      expect(refused(shape, { OTEL_EXPORTER_OTLP_HEADERS: value }).problems).toEqual([
        { key: 'OTEL_EXPORTER_OTLP_HEADERS', rule: 'must be headers as name=value, separated by commas' },
      ]);
    },
  );
});

describe('the address of the gateway', () => {
  const shape = { GATEWAY_HOST: settings.GATEWAY_HOST };

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('may be %s', (GATEWAY_HOST) => {
    expect(parseConfig(shape, { GATEWAY_HOST })).toEqual({ GATEWAY_HOST });
  });

  it.each(['0.0.0.0', '10.99.99.99', '192.168.1.1', 'example.com', '127.example.com', 'host name'])(
    'must be on loopback: %s is refused without being shown',
    (GATEWAY_HOST) => {
      const { message } = refused(shape, { GATEWAY_HOST });
      expect(message).toContain('GATEWAY_HOST: must be a loopback address');
      expect(message.replace('127.0.0.1, ::1 or localhost', '')).not.toContain(GATEWAY_HOST);
    },
  );
});

describe('[TRU-003] how long a session lasts', () => {
  const shape = { SESSION_HOURS: settings.SESSION_HOURS };

  it('is twelve hours at most', () => {
    expect(parseConfig(shape, {})).toEqual({ SESSION_HOURS: 12 });
    expect(parseConfig(shape, { SESSION_HOURS: '1' })).toEqual({ SESSION_HOURS: 1 });
    for (const SESSION_HOURS of ['0', '13', '720', '1.5', '12h']) {
      expect(refused(shape, { SESSION_HOURS }).message).toContain('must be a whole number from 1 to 12');
    }
  });
});

describe('the configuration', () => {
  it('needs little: everything else has a safe default', () => {
    expect(parseConfig(settings, required)).toMatchObject({
      ...required,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: 8787,
      WORKER_SECRET_PREVIOUS: undefined,
      REDIS_URL: undefined,
      REDIS_CLUSTER_NODES: [],
      TELEGRAM_BOT_TOKEN: undefined,
      TELEGRAM_APPROVER_IDS: [],
      TELEGRAM_API_ROOT: 'https://api.telegram.org',
      RATE_LIMIT_PER_MINUTE: 60,
      TRUSTED_PROXIES: [],
      ALLOWED_HOSTS: ['127.0.0.1', 'localhost', '[::1]'],
      SELFTEST_CONFIG: 'config/selftest.yaml',
      SCHEDULE_TZ: 'UTC',
      OPERATOR_EMAIL: 'operator@actp.local',
      LOG_LEVEL: 'info',
    });
  });

  it('takes an empty value, or one of blanks, for none', () => {
    const empty = Object.fromEntries(Object.keys(settings).map((key) => [key, '  ']));
    expect(parseConfig(settings, { ...empty, ...required })).toEqual(parseConfig(settings, required));
    expect(refused(settings, empty).keys.toSorted()).toEqual(Object.keys(required).toSorted());
  });

  it('takes the blanks around a value off', () => {
    const { GATEWAY_PORT } = parseConfig(
      { GATEWAY_PORT: settings.GATEWAY_PORT },
      { GATEWAY_PORT: ' 9000\r' },
    );
    expect(GATEWAY_PORT).toBe(9_000);
  });

  it('names every bad key with the rule that it broke, and never a value', () => {
    const bad = {
      GATEWAY_PORT: 'bad-port-value',
      WORKER_SECRET: 'bad-short-value',
      WORKER_SECRET_PREVIOUS: 'bad-previous-value',
      SESSION_SECRET: '',
      AUDIT_SIGNING_KEY: 'bad-signing-value',
      REDACTION_KEY: 'bad-redaction-value',
      AUDIT_RETENTION_DAYS: 'bad-days-value',
      AUDIT_QUEUE_LIMIT: 'bad-limit-value',
      REDIS_URL: 'http://bad-redis-value',
      REDIS_CLUSTER_NODES: 'bad-node-value',
      SUPABASE_URL: 'bad-url-value',
      DATABASE_URL: 'mysql://bad-database-value',
      TELEGRAM_BOT_TOKEN: 'bad-token-value',
      TELEGRAM_CHAT_ID: 'bad-chat-value',
      TELEGRAM_APPROVER_IDS: '1,bad-id-value',
      TRUSTED_PROXIES: '10.0.0.0/8,bad-proxy-value',
      ALLOWED_HOSTS: 'ok,bad host value',
      SCHEDULE_TZ: 'bad/zone-value',
      OPERATOR_EMAIL: 'bad-mail-value',
      OPERATOR_PASSWORD: 'bad-value',
      LOG_LEVEL: 'bad-level-value',
      RATE_LIMIT_PER_MINUTE: '0',
      SUPABASE_SERVICE_ROLE_KEY: `bad-key-value${'x'.repeat(5_000)}`,
    };
    const error = refused(settings, bad);
    expect(error.keys.toSorted()).toEqual(Object.keys(bad).toSorted());
    expect(error.message).not.toContain('bad-');
    expect(error.message).not.toContain('bad host');
    expect(error.message).toContain('GATEWAY_PORT: must be a whole number from 1 to 65535');
    expect(error.message).toContain('SESSION_SECRET: must be set');
    for (const line of error.message.split('\n').slice(1)) expect(line).toMatch(/^ {2}[A-Z_]+: must /);
  });
});

describe('each setting', () => {
  type Key = keyof typeof settings;
  const read = (key: Key, value: string) => parseConfig({ [key]: settings[key] }, { [key]: value })[key];

  it.each<[key: Key, value: string, typed: unknown]>([
    ['GATEWAY_PORT', '1', 1],
    ['GATEWAY_PORT', '65535', 65_535],
    ['REDIS_URL', 'rediss://user:pass@host:6380/3', 'rediss://user:pass@host:6380/3'],
    [
      'REDIS_CLUSTER_NODES',
      'a:7000, [::1]:7001',
      [
        { host: 'a', port: 7_000 },
        { host: '::1', port: 7_001 },
      ],
    ],
    ['SUPABASE_URL', 'https://x.supabase.co/', 'https://x.supabase.co'],
    ['TELEGRAM_CHAT_ID', '-1001234567890', '-1001234567890'],
    ['TELEGRAM_APPROVER_IDS', '7, 4503599627370495,', [7, 4_503_599_627_370_495]],
    [
      'TRUSTED_PROXIES',
      '127.0.0.1, ::1, 10.0.0.0/8, 2001:db8::/32',
      ['127.0.0.1', '::1', '10.0.0.0/8', '2001:db8::/32'],
    ],
    ['ALLOWED_HOSTS', 'Plane.Example,[::1]', ['plane.example', '[::1]']],
    ['SCHEDULE_TZ', 'Europe/Berlin', 'Europe/Berlin'],
    ['OPERATOR_EMAIL', 'Ann@Example.COM', 'ann@example.com'],
    ['LOG_LEVEL', 'silent', 'silent'],
  ])('%s takes %s', (key, value, typed) => {
    expect(read(key, value)).toEqual(typed);
  });

  it.each<[key: Key, value: string]>([
    ['GATEWAY_PORT', '0'],
    ['GATEWAY_PORT', '65536'],
    ['GATEWAY_PORT', '80.5'],
    ['GATEWAY_PORT', '1e3'],
    ['GATEWAY_PORT', '0x50'],
    ['GATEWAY_PORT', '-1'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['REDIS_CLUSTER_NODES', 'host:99999'],
    ['TELEGRAM_APPROVER_IDS', '-5'],
    ['TELEGRAM_APPROVER_IDS', '9999999999999999'],
    ['TRUSTED_PROXIES', '999.1.1.1'],
    ['TRUSTED_PROXIES', 'abc'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', '::1/129'],
    ['TRUSTED_PROXIES', 'proxy.example'],
    ['ALLOWED_HOSTS', 'plane.example:8787'],
    ['OPERATOR_EMAIL', 'a@b@c'],
    ['LOG_LEVEL', 'INFO'],
  ])('%s refuses %s', (key, value) => {
    expect(() => read(key, value)).toThrow(ConfigError);
  });
});

describe('what is said of a value that cannot be used', () => {
  it.each([
    ['a rule of ours', z.string().regex(/^x$/, 'must be x'), 'must be x'],
    [
      'no words of others, which may hold it',
      z.string().regex(/^x$/, { error: ({ input }) => `not ${String(input)}` }),
      'is not valid',
    ],
    ['that it is missing', z.string(), 'must be set'],
  ])('is %s', (_what, schema, rule) => {
    const shown = refused({ ONE: schema }, rule === 'must be set' ? {} : { ONE: 'a-value' });
    expect(shown.message).toContain(`ONE: ${rule}`);
    expect(shown.message).not.toContain('a-value');
  });
});
