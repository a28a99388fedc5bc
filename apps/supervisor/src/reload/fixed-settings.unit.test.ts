import { describe, expect, it } from 'vitest';
import { withFixedSettings } from './fixed-settings.ts';

const running = { WORKER_SECRET: 'w'.repeat(40), GATEWAY_PORT: '8787', ACTP_REDIS_PASSWORD: 'r'.repeat(40) };

describe('[OPS-002] settings that are read again', () => {
  it('are in force without a restart, whether they are new, others or gone', () => {
    const wanted = { ...running, WORKER_SECRET: 'x'.repeat(40), WORKER_SECRET_PREVIOUS: 'w'.repeat(40) };
    expect(withFixedSettings(running, wanted)).toEqual({ environment: wanted, needRestart: [] });
    expect(withFixedSettings(wanted, running)).toEqual({ environment: running, needRestart: [] });
  });

  it('stay as they are where a running store, the socket or the data folder has them', () => {
    const wanted = {
      WORKER_SECRET: 'x'.repeat(40),
      GATEWAY_HOST: '::1',
      ACTP_REDIS_PASSWORD: 's'.repeat(40),
    };
    expect(withFixedSettings(running, wanted)).toEqual({
      environment: { ...running, WORKER_SECRET: wanted.WORKER_SECRET },
      needRestart: ['GATEWAY_HOST', 'GATEWAY_PORT', 'ACTP_REDIS_PASSWORD'],
    });
  });

  it('leave stores where they are: here, or elsewhere', () => {
    const elsewhere = { ...running, REDIS_URL: 'redis://10.0.0.1:6379' };
    expect(withFixedSettings(running, elsewhere)).toEqual({
      environment: running,
      needRestart: ['REDIS_URL'],
    });
    expect(withFixedSettings(elsewhere, running)).toEqual({
      environment: elsewhere,
      needRestart: ['REDIS_URL'],
    });
  });

  it('may name another password of a store elsewhere', () => {
    const before = { ...running, REDIS_URL: 'redis://:one@10.0.0.1:6379' };
    const after = { ...running, REDIS_URL: 'redis://:two@10.0.0.1:6379' };
    expect(withFixedSettings(before, after)).toEqual({ environment: after, needRestart: [] });
  });
});
