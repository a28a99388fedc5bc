import { describe, expect, it } from 'vitest';
import { planeAddress } from './plane.ts';

describe('where the demo looks for the plane', () => {
  it('is the default without any setting', () => {
    expect(planeAddress({}, '')).toEqual({
      url: 'http://127.0.0.1:8787',
      secret: undefined,
      operatorEmail: 'operator@actp.local',
    });
  });

  it('comes from the environment before .env, where an empty value counts as unset', () => {
    const file = 'WORKER_SECRET=of-the-file\nGATEWAY_PORT=1000\nOPERATOR_EMAIL="me@example.com"\n';
    const environment = { WORKER_SECRET: 'of-the-environment', GATEWAY_PORT: '' };
    expect(planeAddress(environment, file)).toEqual({
      url: 'http://127.0.0.1:1000',
      secret: 'of-the-environment',
      operatorEmail: 'me@example.com',
    });
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:8787'],
    ['::', 'http://[::1]:8787'],
    ['::1', 'http://[::1]:8787'],
    ['localhost', 'http://localhost:8787'],
  ])('is reachable when the gateway listens on %s', (GATEWAY_HOST, url) => {
    expect(planeAddress({ GATEWAY_HOST }, '').url).toBe(url);
  });
});
