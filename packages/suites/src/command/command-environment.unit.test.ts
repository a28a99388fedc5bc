import { describe, expect, it } from 'vitest';
import { settings } from '@actp/shared/settings';
import { commandEnvironment } from './command-environment.ts';

const ours = {
  PATH: '/bin',
  HOME: '/home/op',
  LC_ALL: 'C.UTF-8',
  WORKER_SECRET: 'w',
  SUPABASE_SERVICE_ROLE_KEY: 'k',
  MY_API_KEY: 'm',
  DEPLOY_TARGET: 'staging',
  EMPTY: undefined,
};

describe('the environment of a suite', () => {
  it('[SEC-020] has what a program needs, and none of our secrets', () => {
    expect(commandEnvironment(ours, { pass_env: [], env: {} })).toEqual({
      PATH: '/bin',
      HOME: '/home/op',
      LC_ALL: 'C.UTF-8',
    });
  });

  it('[SEC-020] never holds a secret of the plane, whatever the configuration asks for', () => {
    // Every setting that opens something, also one that is added later.
    const secrets = [
      ...Object.keys(settings).filter((name) =>
        /SECRET|PASSWORD|TOKEN|KEY|^REDIS_URL$|^DATABASE_URL$/.test(name),
      ),
      'ACTP_POSTGRES_PASSWORD',
      'ACTP_JWT_SECRET',
      'ACTP_REDIS_PASSWORD',
    ];
    expect(secrets.length).toBeGreaterThan(10);
    const all = Object.fromEntries(secrets.map((name) => [name, 'a secret']));
    expect(commandEnvironment({ ...ours, ...all }, { pass_env: secrets, env: {} })).toEqual({
      PATH: '/bin',
      HOME: '/home/op',
      LC_ALL: 'C.UTF-8',
    });
  });

  it('has what the configuration asks for, but never what opens the plane', () => {
    const wishes = { pass_env: ['DEPLOY_TARGET', 'WORKER_SECRET', 'EMPTY'], env: { MODE: 'fast' } };
    expect(commandEnvironment(ours, wishes)).toEqual({
      PATH: '/bin',
      HOME: '/home/op',
      LC_ALL: 'C.UTF-8',
      DEPLOY_TARGET: 'staging',
      MODE: 'fast',
    });
  });

  it('[TRU-002] never holds a setting of the plane, but for what any program may know', () => {
    const names = [...Object.keys(settings), 'DATABASE_APP_SECRET', 'DATABASE_APP_KEY'];
    const all = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const passed = commandEnvironment(
      { ...all, ACTP_ADDED_LATER: 'x' },
      { pass_env: [...names, 'ACTP_ADDED_LATER'], env: {} },
    );
    expect(Object.keys(passed).toSorted()).toEqual([
      'ACD_URL',
      'GATEWAY_HOST',
      'GATEWAY_PORT',
      'LOG_LEVEL',
      'SCHEDULE_TZ',
      'SUPABASE_URL',
    ]);
  });

  it('[TRU-002] never holds a secret of the plane under another name', () => {
    const secret = 'nine-and-twenty-letters-of-it';
    const others = {
      SAME: secret,
      PART: `redis://:${secret}@host`,
      QUEUE: 'redis://:p%40ssw0rd-of-redis@h',
      FINE: 'yes',
    };
    const plane = { WORKER_SECRET: secret, REDIS_URL: 'redis://user:p%40ssw0rd-of-redis@host:6379' };
    const passed = commandEnvironment(
      { ...ours, ...plane, ...others, CLEAR: 'p@ssw0rd-of-redis', XDG_NOTE: secret },
      { pass_env: [...Object.keys(others), 'CLEAR'], env: {} },
    );
    expect(passed).toEqual({ PATH: '/bin', HOME: '/home/op', LC_ALL: 'C.UTF-8', FINE: 'yes' });
  });
});
