import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { createGuessAlerts } from './guess-alerts.ts';

function alertsOf() {
  const sent: Array<{ key: string; kind: string; body: string }> = [];
  const state = { now: 0 };
  const reached = createGuessAlerts({
    notify: (message) => Promise.resolve(void sent.push(message)),
    log: createLogger({ app: 'test', level: 'silent' }),
    now: () => state.now,
  });
  const guess = (
    ip: string,
    over: { email?: string | undefined; key?: string; by?: 'address' | 'account' | 'device' } = {},
  ) => {
    const { key = 'account', by = 'address' } = over;
    const email = 'email' in over ? over.email : 'op@example.com';
    reached(
      { by, failures: by === 'account' ? 100 : 10 },
      { key, email, device: undefined },
      { ip, local: false },
    );
  };
  return { sent, state, guess };
}

describe('[TRU-003] alerts about guessing', () => {
  it('come once for each account, address and quarter of an hour', () => {
    const { sent, state, guess } = alertsOf();
    for (let i = 0; i < 3; i += 1) guess('203.0.113.1');
    guess('203.0.113.2');
    expect(sent).toHaveLength(2);
    state.now = 15 * 60_000;
    guess('203.0.113.1');
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(3);
  });

  it('[SEC-020] hold no secret that somebody has typed in the place of an address', () => {
    const { sent, guess } = alertsOf();
    guess('203.0.113.1', { email: `ghp_${'aB3dE5gH7jK9'.repeat(3)}` });
    expect(sent[0]?.body).toMatch(/^🔑 10 failed logins to \[redacted:[^\]]+\] within 15 minutes/u);
  });

  it('name the addresses of those who guess together', () => {
    const { sent, guess } = alertsOf();
    for (let i = 1; i < 8; i += 1) guess(`203.0.113.${i}`);
    guess('203.0.113.8', { by: 'account' });
    expect(sent.at(-1)?.body).toContain(
      '100 failed logins to op@example.com within 15 minutes, from 203.0.113.1, 203.0.113.2, 203.0.113.3, 203.0.113.4, 203.0.113.5 and 3 more.',
    );
  });

  it('say who was refused, and what that means', () => {
    const { sent, guess } = alertsOf();
    guess('203.0.113.1');
    guess('203.0.113.1', { by: 'device' });
    for (const by of ['account', 'account'] as const) guess('203.0.113.2', { by });
    guess('203.0.113.3', { email: undefined, key: 'nobody' });
    expect(sent.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'auth.guessing'));
    const there =
      'Further attempts from there are refused until there is room again. Known devices and other addresses are not concerned.';
    expect(sent.map(({ body }) => body)).toEqual([
      `🔑 10 failed logins to op@example.com within 15 minutes, from 203.0.113.1.\n${there}`,
      `🔑 10 failed logins to op@example.com within 15 minutes, from a known device at 203.0.113.1.\n${there}`,
      '🔑 100 failed logins to op@example.com within 15 minutes, from 203.0.113.1, 203.0.113.2.\nNew devices are refused for this account until there is room again; devices that have logged in before are not.',
      `🔑 10 failed logins to accounts that do not exist within 15 minutes, from 203.0.113.3.\n${there}`,
    ]);
  });

  it('are one for an account as a whole, from wherever it comes', () => {
    const { sent, state, guess } = alertsOf();
    for (const ip of ['203.0.113.1', '203.0.113.2']) guess(ip, { by: 'account' });
    expect(sent).toHaveLength(1);
    state.now = 15 * 60_000 - 1;
    guess('203.0.113.3', { by: 'account' });
    expect(sent).toHaveLength(1);
    state.now += 1;
    guess('203.0.113.4', { by: 'account' });
    expect(sent.at(-1)?.body).toContain('from 203.0.113.4.');
    expect(sent).toHaveLength(2);
  });

  it('have a key by which they are stored once: account, address or all, limit and quarter', () => {
    const { sent, state, guess } = alertsOf();
    state.now = 30 * 60_000;
    guess('203.0.113.1');
    guess('203.0.113.1', { by: 'device' });
    guess('203.0.113.1', { by: 'account' });
    guess('203.0.113.1', { email: undefined });
    const account = createHash('sha256').update('account').digest('hex').slice(0, 16);
    expect(sent.map(({ key }) => key)).toEqual([
      `login-guessing:${account}:203.0.113.1:address:2`,
      `login-guessing:${account}:203.0.113.1:device:2`,
      `login-guessing:${account}:all:account:2`,
      'login-guessing:203.0.113.1:address:2',
    ]);
  });

  it('name up to five addresses, each once', () => {
    const { sent, guess } = alertsOf();
    for (const n of [1, 2, 3, 4, 5, 5]) guess(`203.0.113.${n}`);
    guess('203.0.113.5', { by: 'account' });
    expect(sent.at(-1)?.body).toContain(
      'from 203.0.113.1, 203.0.113.2, 203.0.113.3, 203.0.113.4, 203.0.113.5.\n',
    );
  });

  it('that cannot be stored are logged', async () => {
    const lines: string[] = [];
    const reached = createGuessAlerts({
      notify: () => Promise.reject(new Error('the database is away')),
      log: createLogger({
        app: 'test',
        level: 'warn',
        destination: { write: (line: string) => void lines.push(line) },
      }),
      now: () => 0,
    });
    const account = { key: 'account', email: 'op@example.com', device: undefined };
    reached({ by: 'address', failures: 10 }, account, { ip: '203.0.113.1', local: false });
    await Promise.resolve();
    await Promise.resolve();
    expect(lines.join()).toContain('the alert about failed logins was not stored');
    expect(lines.join()).toContain('the database is away');
  });

  it('are few, however many guess at however many accounts', () => {
    const { sent, guess } = alertsOf();
    for (let i = 0; i < 5_000; i += 1)
      guess(`203.0.${i >> 8}.${i & 255}`, { key: `a${i}`, email: `a${i}@example.com` });
    expect(sent).toHaveLength(10);
    for (let i = 0; i < 5_000; i += 1)
      guess(`198.51.${i >> 8}.${i & 255}`, { key: `b${i}`, email: undefined });
    expect(sent).toHaveLength(13);
    guess('192.0.2.1', { by: 'account' });
    expect(sent.at(-1)?.body).toContain('100 failed logins to op@example.com');
  });

  it('do not repeat what somebody typed as an address', () => {
    const { sent, guess } = alertsOf();
    guess('203.0.113.1', { key: 'hunter2-typed-in-the-wrong-field', email: undefined });
    guess('203.0.113.1', { key: 'another', email: undefined });
    expect(sent.map(({ body }) => body)).toEqual([expect.stringContaining('accounts that do not exist')]);
    expect(JSON.stringify(sent)).not.toContain('hunter2');
  });
});
