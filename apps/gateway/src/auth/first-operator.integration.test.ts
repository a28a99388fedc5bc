import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { log } from '../gateway.fixture.ts';
import { ensureOperator } from '@actp/services/users/ensure-operator';
import { ensureFirstOperator } from './first-operator.ts';
import { hashPassword, verifyPassword } from '@actp/services/users/password';
import { createSignIn } from './sign-in.ts';

const stores = await openStores();
const db = createDb(stores.env, 'gateway');
const signIn = createSignIn({
  db,
  sessionSecrets: { current: 'session-secret-of-the-tests-0123456789', previous: undefined },
  sessionHours: 12,
  limit: {
    assert: () => Promise.resolve(),
    failed: () => Promise.resolve(),
    succeeded: () => Promise.resolve(),
  },
});
const email = 'op@example.com';
const [first, second] = ['the first passphrase', 'the second passphrase'];

const start = (password: string) => ensureFirstOperator({ db, log }, { email, password });
const opens = async (password: string) =>
  (await signIn(email, password, { ip: '127.0.0.1', local: true })) !== undefined;
const storedHash = async () =>
  (await stores.sql.query<{ password_hash: string }>('select password_hash from actp_users')).rows[0]
    ?.password_hash;
const audited = async () =>
  (
    await stores.sql.query<{ result: unknown }>(
      `select result from actp_agent_audit_log where action_type = 'operator.replace_password' order by id`,
    )
  ).rows.map(({ result }) => result);

beforeEach(() => stores.sql.query('truncate actp_users cascade'));

describe('the first operator', () => {
  it('logs in with OPERATOR_PASSWORD also after it was changed, and no longer with the old one', async () => {
    start(first);
    await eventually(() => opens(first));
    start(second);
    await eventually(() => opens(second));
    expect(await opens(first)).toBe(false);
    const [row, ...more] = await audited();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ operator: email, reason: 'OPERATOR_PASSWORD was changed' });
    expect(JSON.stringify(row)).not.toContain('argon2');
  });

  it('is said to be there once the account fits the settings', async () => {
    const operator = start(first);
    expect(operator.isDone()).toBe(false);
    await eventually(() => operator.isDone());
    expect(await opens(first)).toBe(true);
  });

  it('keeps the hash while the password is the same, and changes it once when two copies start', async () => {
    const ensure = (password: string) => ensureOperator({ db, log }, { email, password });
    await ensure(first);
    const before = await storedHash();
    const audits = (await audited()).length;
    await ensure(first);
    expect(await storedHash()).toBe(before);
    await Promise.all([ensure(second), ensure(second)]);
    expect(await audited()).toHaveLength(audits + 1);
    const stale = await db.call((client) =>
      client.rpc('replace_operator_password', {
        p_email: email,
        p_stored_hash: String(before),
        p_new_hash: 'of a copy that looked too early',
      }),
    );
    expect(stale).toBe(false);
    expect(await opens(second)).toBe(true);
  });

  it('never takes over the account of a user who has that address', async () => {
    const hash = await hashPassword('the passphrase of a user');
    await stores.sql.query(`insert into actp_users (email, password_hash) values ($1, $2)`, [email, hash]);
    await ensureOperator({ db, log }, { email, password: first });
    expect(await verifyPassword(await storedHash(), 'the passphrase of a user')).toBe(true);
    const asked = await db.call((client) =>
      client.rpc('replace_operator_password', { p_email: email, p_stored_hash: hash, p_new_hash: 'x' }),
    );
    expect(asked).toBe(false);
  });
});
