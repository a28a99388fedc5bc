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
  'SESSION_SECRET_PREVIOUS',
  'OPERATOR_PASSWORD',
  'TELEGRAM_BOT_TOKEN',
  'CALLBACK_SECRET',
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_JWT_SECRET',
  'ACTP_REDIS_PASSWORD',
  'DATABASE_URL',
];
const settings: Record<string, string> = {
  LOG_LEVEL: 'warn',
  ...Object.fromEntries(secrets.map((name) => [name, 'set'])),
};

describe('the environment of an app', () => {
  const named = (name: string) => {
    const found = apps.find((app) => app.name === name);
    if (!found) throw new Error(`there is no app ${name}`);
    return found;
  };

  it.each(apps)('has the addresses of the stores and the settings of every process: $name', (app) => {
    const { DATABASE_URL: _owner, ...addresses } = stack;
    expect(appEnvironment(app, settings, stack)).toMatchObject({ LOG_LEVEL: 'warn', ...addresses });
  });

  it.each(apps)('[SEC-020] has no setting that nobody has listed for it: $name', (app) => {
    const unknown = {
      ACTP_NEW_SECRET: 'x',
      ACTP_POSTGRES_OWNER: 'x',
      SESSION_SECRET_NEXT: 'x',
      MAX_SPEND: 'x',
    };
    const given = appEnvironment({ ...app, settings: [] }, { ...settings, ...unknown }, stack);
    const theirs = app.runsCommands === true ? ['SESSION_SECRET_NEXT', 'MAX_SPEND'] : [];
    expect(Object.keys(given).toSorted()).toEqual(['LOG_LEVEL', ...theirs].toSorted());
  });

  it.each(apps)("has what programs need of the operator's system: $name", (app) => {
    const system = {
      PATH: '/bin',
      HOME: '/home/op',
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      HTTPS_PROXY: 'http://127.0.0.1:3128',
      no_proxy: 'localhost',
      NODE_EXTRA_CA_CERTS: 'ca.pem',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    };
    expect(appEnvironment(app, { ...settings, ...system }, stack)).toMatchObject(system);
  });

  it("has the operator's other variables only where the operator's commands run", () => {
    const having = apps.filter(
      (app) => 'PROJECT_TOKEN' in appEnvironment(app, { PROJECT_TOKEN: 'x' }, stack),
    );
    expect(having.map(({ name }) => name)).toEqual(['selftest-runner']);
  });

  it('[SEC-020] opens no debugger, and keeps what else Node was told', () => {
    const environment = (NODE_OPTIONS: string) =>
      appEnvironment(named('gateway'), { ...settings, NODE_OPTIONS }, stack);
    expect(environment('--inspect')).not.toHaveProperty('NODE_OPTIONS');
    expect(environment('--inspect=9229 --trace-warnings')['NODE_OPTIONS']).toBe('--trace-warnings');
  });

  it('names the authorities that Node trusts', () => {
    const env = appEnvironment(named('gateway'), { ...settings, NODE_EXTRA_CA_CERTS: 'ca.pem' }, stack);
    expect(env['NODE_EXTRA_CA_CERTS']).toBe('ca.pem');
  });

  it.each([
    [
      'gateway',
      [
        'WORKER_SECRET',
        'WORKER_SECRET_PREVIOUS',
        'SESSION_SECRET',
        'SESSION_SECRET_PREVIOUS',
        'OPERATOR_PASSWORD',
        'TELEGRAM_BOT_TOKEN',
      ],
    ],
    ['scheduler', ['CALLBACK_SECRET']],
    ['selftest-runner', []],
    ['approval-bot', ['SESSION_SECRET', 'SESSION_SECRET_PREVIOUS', 'TELEGRAM_BOT_TOKEN']],
  ])('[SEC-020] holds no other secret than %s needs', (app, needed) => {
    const given = Object.keys(appEnvironment(named(app), settings, stack));
    expect(given.filter((name) => secrets.includes(name))).toEqual(needed);
  });

  it('[SEC-020] has a key for the database of its own, made from a secret that no app has', () => {
    const secret = { DATABASE_APP_SECRET: 'a secret of the plane', DATABASE_APP_KEY: 'set by somebody' };
    const given = apps.map((app) => appEnvironment(app, secret, stack));
    expect(new Set(given.map((environment) => environment['DATABASE_APP_KEY'])).size).toBe(apps.length);
    for (const environment of given) {
      expect(environment).not.toHaveProperty('DATABASE_APP_SECRET');
      expect(environment['DATABASE_APP_KEY']).not.toBe('set by somebody');
    }
  });
});
