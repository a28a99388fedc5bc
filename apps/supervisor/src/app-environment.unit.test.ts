import { describe, expect, it } from 'vitest';
import { appEnvironment } from './app-environment.ts';
import { apps } from './apps.ts';

const stack = {
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_SERVICE_ROLE_KEY: 'key',
  REDIS_URL: 'redis://127.0.0.1:2',
  DATABASE_URL: 'postgres://owner@127.0.0.1:3/postgres',
};
const secrets = [
  'WORKER_SECRET',
  'WORKER_SECRET_PREVIOUS',
  'SESSION_SECRET',
  'OPERATOR_PASSWORD',
  'TELEGRAM_BOT_TOKEN',
  'CALLBACK_SECRET',
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_JWT_SECRET',
  'ACTP_REDIS_PASSWORD',
  'DATABASE_URL',
];
const settings = { GATEWAY_PORT: '8787', ...Object.fromEntries(secrets.map((name) => [name, 'set'])) };

describe('the environment of an app', () => {
  it.each(apps)('has the addresses of the stores and every plain setting: $name', ({ name }) => {
    const { DATABASE_URL: _owner, ...addresses } = stack;
    expect(appEnvironment(name, settings, stack)).toMatchObject({ GATEWAY_PORT: '8787', ...addresses });
  });

  it('[SEC-020] opens no debugger, and keeps what else Node was told', () => {
    const environment = (NODE_OPTIONS: string) =>
      appEnvironment('gateway', { ...settings, NODE_OPTIONS }, stack);
    expect(environment('--inspect')).not.toHaveProperty('NODE_OPTIONS');
    expect(environment('--inspect=9229 --trace-warnings')['NODE_OPTIONS']).toBe('--trace-warnings');
  });

  it('names the authorities that Node trusts', () => {
    const env = appEnvironment('gateway', { ...settings, NODE_EXTRA_CA_CERTS: 'ca.pem' }, stack);
    expect(env['NODE_EXTRA_CA_CERTS']).toBe('ca.pem');
  });

  it.each([
    [
      'gateway',
      [
        'WORKER_SECRET',
        'WORKER_SECRET_PREVIOUS',
        'SESSION_SECRET',
        'OPERATOR_PASSWORD',
        'TELEGRAM_BOT_TOKEN',
      ],
    ],
    ['scheduler', ['CALLBACK_SECRET']],
    ['selftest-runner', []],
    ['approval-bot', ['SESSION_SECRET', 'TELEGRAM_BOT_TOKEN']],
  ])('[SEC-020] holds no other secret than %s needs', (app, needed) => {
    const given = Object.keys(appEnvironment(app, settings, stack));
    expect(given.filter((name) => secrets.includes(name))).toEqual(needed);
  });
});
