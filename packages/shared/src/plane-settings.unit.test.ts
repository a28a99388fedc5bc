import { describe, expect, it } from 'vitest';
import { readPlaneSettings, readUsableSettings } from './plane-settings.ts';

const keysOf = (environment: Record<string, string>) =>
  readUsableSettings(environment)
    .problems.map(({ key }) => key)
    .toSorted();

describe('settings as far as they can be used', () => {
  it('are those of the start when nothing is wrong', () => {
    const environment = { GATEWAY_PORT: '9000', REDIS_URL: 'redis://127.0.0.1:1' };
    expect(readUsableSettings(environment)).toEqual({
      settings: readPlaneSettings(environment),
      problems: [],
      environment,
    });
  });

  it('leave out each that is wrong, and keep the rest', () => {
    const environment = {
      GATEWAY_PORT: '9000',
      LOG_LEVEL: 'loudly',
      WORKER_SECRET: 'short',
      SUPABASE_URL: 'http://127.0.0.1:1',
      CALLBACK_ORIGINS: 'https://example.com',
      SIGNING_REQUIRED: 'true',
      PAYMENT_PROVIDER: 'stripe',
    };
    expect(keysOf(environment)).toEqual([
      'CALLBACK_SECRET',
      'LOG_LEVEL',
      'SIGNING_SECRET',
      'STRIPE_SECRET_KEY',
      'SUPABASE_SERVICE_ROLE_KEY',
      'WORKER_SECRET',
    ]);
    const { settings, environment: rest } = readUsableSettings(environment);
    expect(settings).toMatchObject({
      GATEWAY_PORT: 9_000,
      LOG_LEVEL: 'info',
      embedded: ['supabase', 'redis'],
    });
    expect(rest).toEqual({ GATEWAY_PORT: '9000' });
  });

  it.each([{ SUPABASE_SERVICE_ROLE_KEY: 'key' }, { SIGNING_SECRET: 'whsec_no', SIGNING_REQUIRED: 'true' }])(
    'come to an end: %j',
    (environment) => {
      expect(keysOf(environment).length).toBeGreaterThan(0);
    },
  );

  it('show no value', () => {
    const { problems } = readUsableSettings({ WORKER_SECRET: 'hunter2', TELEGRAM_CHAT_ID: 'my-chat' });
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|my-chat/);
  });
});
