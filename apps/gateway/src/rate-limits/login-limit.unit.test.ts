import { describe, expect, it } from 'vitest';
import { atRequest } from '../auth/request.fixture.ts';
import type { Limiter } from './limiter.ts';
import { createLoginLimit, loginOriginOf, type LoginAccount, type LoginOrigin } from './login-limit.ts';
import { createSlidingWindow } from './sliding-window.ts';

const minute = 60_000;

function open() {
  const state = { now: 0 };
  const window = createSlidingWindow({ now: () => state.now });
  const keys = new Set<string>();
  const keyOf = (limit: { name: string }, key: string) => {
    keys.add(key);
    return `${limit.name}:${key}`;
  };
  const limiter: Limiter = {
    hit: async (limit, key) => window.hit(keyOf(limit, key), limit.max, limit.windowMs),
    peek: async (limit, key) => window.peek(keyOf(limit, key), limit.max, limit.windowMs),
    forget: async (limit, key) => window.forget(keyOf(limit, key)),
    close: () => Promise.resolve(),
  };
  const alerts: string[] = [];
  const limit = createLoginLimit(limiter, 2, ({ by, failures }, { email }, { ip }) =>
    alerts.push(`${by} ${failures} ${email} ${ip}`),
  );
  /** Whether a wrong password is looked at, and is answered as such. */
  const guess = async (of: LoginAccount, at: LoginOrigin): Promise<boolean> => {
    try {
      await limit.assert(of, at);
      await limit.failed(of, at);
      return true;
    } catch {
      return false;
    }
  };
  const guesses = async (times: number, of: LoginAccount, at: LoginOrigin) => {
    let looked = 0;
    for (let i = 0; i < times; i += 1) looked += (await guess(of, at)) ? 1 : 0;
    return looked;
  };
  return { state, keys, limit, alerts, guess, guesses };
}

const account = (key: string, device?: string): LoginAccount => ({
  key,
  email: `${key}@example.com`,
  device,
});
const from = (ip: string, local = false): LoginOrigin => ({ ip, local });
const address = (i: number) => from(`203.0.113.${i}`);
const refused = (retryAfter: number) => ({
  code: 'rate_limited',
  message: 'too many failed logins; try again later',
  retryAfter,
});

describe('[TRU-003] failed logins', () => {
  it('are few for an account and an address, in 15 minutes', async () => {
    const { state, limit, guesses, alerts } = open();
    expect(await guesses(4, account('a'), address(1))).toBe(2);
    expect(alerts).toEqual(['address 2 a@example.com 203.0.113.1']);
    state.now = 5 * minute;
    await expect(limit.assert(account('a'), address(1))).rejects.toMatchObject(refused(600));
    state.now = 15 * minute - 1;
    await expect(limit.assert(account('a'), address(1))).rejects.toMatchObject(refused(1));
    state.now = 15 * minute;
    await limit.assert(account('a'), address(1));
  });

  it('of one account say nothing of another, nor of another address', async () => {
    const { guesses } = open();
    expect(await guesses(3, account('a'), address(1))).toBe(2);
    expect(await guesses(3, account('b'), address(1))).toBe(2);
    expect(await guesses(3, account('a'), address(2))).toBe(2);
  });

  it('of a network of IPv6 are counted together', async () => {
    const { guesses } = open();
    expect(await guesses(2, account('a'), from('2001:db8:1:2::1'))).toBe(2);
    expect(await guesses(1, account('a'), from('2001:db8:1:2::2'))).toBe(0);
  });

  it('of an address are three times as many over all accounts, but not of this machine', async () => {
    const { guess, alerts } = open();
    const looked = [];
    for (let i = 0; i < 8; i += 1) looked.push(await guess(account(`a${i}`), address(1)));
    expect(looked).toEqual([true, true, true, true, true, true, false, false]);
    expect(alerts).toEqual(['address 6 a5@example.com 203.0.113.1']);
    for (let i = 0; i < 8; i += 1) expect(await guess(account(`a${i}`), from('127.0.0.1', true))).toBe(true);
  });

  it('of an account are ten times as many from everywhere', async () => {
    const { guess, alerts } = open();
    const looked = [];
    for (let i = 0; i < 22; i += 1) looked.push(await guess(account('a'), address(i)));
    expect(looked).toEqual([...Array.from({ length: 20 }, () => true), false, false]);
    expect(alerts).toEqual(['account 20 a@example.com 203.0.113.19']);
    expect(await guess(account('b'), address(22))).toBe(true);
  });

  it('of others do not lock out a device that is known, which has a count of its own', async () => {
    const { guess, guesses, limit, alerts } = open();
    for (let i = 0; i < 22; i += 1) await guess(account('a'), address(i));
    alerts.length = 0;
    expect(await guesses(3, account('a', 'phone'), address(1))).toBe(2);
    expect(alerts).toEqual(['device 2 a@example.com 203.0.113.1']);
    // Another address does not help this device, and it is not counted with the address.
    expect(await guesses(1, account('a', 'phone'), address(99))).toBe(0);
    await limit.assert(account('b'), address(99));
  });

  it('of all known devices of an account are three times as many', async () => {
    const { guess, alerts } = open();
    const looked = [];
    for (let i = 0; i < 8; i += 1) looked.push(await guess(account('a', `device-${i}`), address(1)));
    expect(looked).toEqual([true, true, true, true, true, true, false, false]);
    expect(alerts).toEqual(['account 6 a@example.com 203.0.113.1']);
    expect(await guess(account('b', 'device-0'), address(1))).toBe(true);
  });

  it('that several limits refuse are refused until the last of them has room', async () => {
    const { state, limit, guesses } = open();
    for (let i = 0; i < 9; i += 1) await guesses(2, account('a'), address(i));
    state.now = 5 * minute;
    await guesses(2, account('a'), address(50));
    await expect(limit.assert(account('a'), address(51))).rejects.toMatchObject(refused(600));
    await expect(limit.assert(account('a'), address(50))).rejects.toMatchObject(refused(900));
  });

  it('end with the right password, for this address or this device', async () => {
    const { guesses, limit } = open();
    for (const device of [undefined, 'phone']) {
      expect(await guesses(1, account('a', device), address(1))).toBe(1);
      await limit.succeeded(account('a', device), address(1));
      expect(await guesses(3, account('a', device), address(1))).toBe(2);
    }
  });

  it('that come at once are no more than one after the other', async () => {
    const { limit } = open();
    const attempt = async () => {
      await limit.assert(account('a'), address(1));
      await limit.failed(account('a'), address(1));
    };
    const answers = await Promise.allSettled(Array.from({ length: 9 }, attempt));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const late = answers.find((answer) => answer.status === 'rejected');
    expect(late?.reason).toMatchObject(refused(900));
  });

  it('that the address’s own limit refuses do not use up that of the account', async () => {
    const { limit, guesses } = open();
    await guesses(2, account('a'), address(1));
    for (let i = 0; i < 40; i += 1) await limit.failed(account('a'), address(1)).catch(() => undefined);
    expect(await guesses(2, account('a'), address(2))).toBe(2);
  });

  it('leave nothing behind of what was typed', async () => {
    const { guess, keys } = open();
    await guess(account('my password'), address(1));
    await guess(account('my password', 'phone'), address(1));
    expect([...keys].filter((key) => key.includes('password'))).toEqual([]);
    expect([...keys].filter((key) => !/^[\w.-]{1,22}$/.test(key))).toEqual([]);
  });
});

it('[TRU-003] where somebody logs in from is what the gateway knows, and the token of the device', async () => {
  const headers = { 'user-agent': 'curl/8', 'x-device-token': 'anything' };
  const origin = await atRequest({ headers, clientIp: '203.0.113.7', local: true }, loginOriginOf);
  expect(origin).toEqual({ ip: '203.0.113.7', local: true, userAgent: 'curl/8', deviceToken: 'anything' });
});
