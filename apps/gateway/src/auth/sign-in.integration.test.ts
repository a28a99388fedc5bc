import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { sessionPerson } from '@actp/services/sessions/person';
import { hashPassword } from '@actp/services/users/password';
import { AppError } from '@actp/shared/errors';
import { openStores } from '@actp/testing/stores';
import type { LoginAccount, LoginOrigin } from '../rate-limits/login-limit.ts';
import { readToken } from './session-token.ts';
import { createSignIn } from './sign-in.ts';

const stores = await openStores();
const db = createDb(stores.env, 'gateway', 20_000);
const current = 'session-secret-of-the-tests-0123456789';
const previous = 'session-secret-of-before-0123456789';
const password = 'a long enough passphrase';
const from: LoginOrigin = { ip: '203.0.113.7', local: false, userAgent: 'curl/8' };

/** What the limit was asked, in order; a step that is refused throws. */
function open({
  secrets = { current, previous: undefined as string | undefined },
  refusedAt = 0,
  onSecondAssert = async (): Promise<unknown> => undefined,
} = {}) {
  const asked: Array<[string, LoginAccount]> = [];
  const step = (name: string) => async (account: LoginAccount) => {
    asked.push([name, account]);
    if (asked.length === refusedAt) throw new AppError('rate_limited', 'x');
    if (name === 'assert' && asked.length === 2) await onSecondAssert();
  };
  const signIn = createSignIn({
    db,
    sessionSecrets: secrets,
    sessionHours: 12,
    limit: { assert: step('assert'), failed: step('failed'), succeeded: step('succeeded') },
  });
  return { signIn, asked, steps: () => asked.map(([name]) => name) };
}

const hash = await hashPassword(password);
const make = async (email: string, role: 'user' | 'operator', passwordHash: string | null = hash) =>
  (
    await stores.sql.query<{ id: string }>(
      'insert into actp_users (email, role, password_hash) values ($1, $2, $3) returning id',
      [email, role, passwordHash],
    )
  ).rows[0]?.id ?? '';
const user = await make('user@example.com', 'user');
await make('op@example.com', 'operator');
await make('other@example.com', 'user');
await make('invited@example.com', 'operator', null);
const sessions = async () => (await stores.sql.query('select from actp_sessions')).rowCount;

beforeEach(() => stores.sql.query('truncate actp_sessions cascade'));

describe('[TRU-003] who signs in with the right password', () => {
  it.each([
    ['user@example.com', 'api', 1],
    [' User@EXAMPLE.com ', 'api', 1],
    ['user@example.com', 'page', 12],
    ['op@example.com', 'api', 12],
  ] as const)('gets a session: %j, for %s, of %d hours', async (address, kind, hours) => {
    const { signIn, steps } = open();
    const signed = await signIn(address, password, from, kind);
    expect(signed?.seconds).toBe(hours * 3_600);
    const claims = await readToken(current, signed?.token ?? '', kind);
    expect(claims?.session).toBe(signed?.session);
    expect(await sessionPerson(db, signed?.session ?? '', kind)).toMatchObject({ id: claims?.id });
    expect(steps()).toEqual(['assert', 'assert', 'succeeded']);
    const { rows } = await stores.sql.query(
      `select host(ip) as ip, user_agent, round(extract(epoch from expires_at - created_at) / 3600)::int as hours from actp_sessions`,
    );
    expect(rows).toEqual([{ ip: '203.0.113.7', user_agent: 'curl/8', hours }]);
  });

  it('gets one for programs where nothing else is said, from whatever program', async () => {
    const signed = await open().signIn('user@example.com', password, { ip: '203.0.113.7', local: false });
    expect(await sessionPerson(db, signed?.session ?? '', 'api')).toBeDefined();
    expect((await stores.sql.query('select user_agent from actp_sessions')).rows).toEqual([
      { user_agent: 'none' },
    ]);
  });

  it('is known by the device from then on, for this account alone, also while the secret is replaced', async () => {
    const { signIn, asked } = open();
    const first = await signIn('user@example.com', password, from);
    expect(asked[0]?.[1]).toEqual({ key: user, email: 'user@example.com', device: undefined });
    const known = { ...from, deviceToken: first?.deviceToken };
    const again = open();
    const second = await again.signIn('user@example.com', password, known);
    const device = again.asked[0]?.[1].device;
    expect(device).toEqual(expect.any(String));
    const third = open({ secrets: { current: previous, previous: current } });
    await third.signIn('user@example.com', 'wrong', { ...from, deviceToken: second?.deviceToken });
    expect(third.asked[0]?.[1].device).toBe(device);
    const other = open();
    await other.signIn('other@example.com', password, known);
    expect(other.asked[0]?.[1].device).toBeUndefined();
  });
});

describe('[TRU-003] nobody signs in', () => {
  it.each([
    ['with a wrong password', 'user@example.com', 'wrong', { key: user, email: 'user@example.com' }],
    ['without an account', ' Nobody@Example.com', password, { key: 'nobody@example.com', email: undefined }],
    ['before a password was set', 'invited@example.com', '', { email: 'invited@example.com' }],
    ['with a NUL in the address', 'user@example.com\0', password, { email: undefined }],
    ['with half a character in the address', 'user@example.com\ud83d', password, { email: undefined }],
    ['with an endless address', `${'u'.repeat(310)}@example.com`, password, { email: undefined }],
  ])('%s, and that is a failure of what was tried', async (_how, address, word, account) => {
    const { signIn, asked, steps } = open();
    expect(await signIn(address, word, from)).toBeUndefined();
    expect(steps()).toEqual(['assert', 'failed']);
    expect(asked[1]?.[1]).toMatchObject(account);
    expect(await sessions()).toBe(0);
  });

  it.each([
    ['before the password is looked at', 1, ['assert']],
    ['after it was, since others have failed meanwhile', 2, ['assert', 'assert']],
  ])('once there were too many failures, %s', async (_when, refusedAt, asked) => {
    const { signIn, steps } = open({ refusedAt });
    await expect(signIn('user@example.com', password, from)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(steps()).toEqual(asked);
    expect(await sessions()).toBe(0);
  });

  it('whose password is replaced, or whose account is disabled, while it is looked at', async () => {
    const changes = [
      `update actp_users set password_hash = 'another' where id = $1`,
      `update actp_users set disabled_at = now() where id = $1`,
    ];
    for (const change of changes) {
      const id = await make(`${changes.indexOf(change)}@example.com`, 'operator');
      const { signIn, steps } = open({
        onSecondAssert: () => stores.sql.query(change, [id]),
      });
      expect(await signIn(`${changes.indexOf(change)}@example.com`, password, from)).toBeUndefined();
      expect(steps()).toEqual(['assert', 'assert']);
      expect(await sessions()).toBe(0);
    }
  });
});
