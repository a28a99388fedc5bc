import { beforeEach, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { ensureOperator } from './ensure-operator.ts';
import { findUser } from './find.ts';
import { hashPassword, verifyPassword } from './password.ts';

const { env, sql } = await openStores();
const db = createDb(env, 'gateway', 20_000);
const logged: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: {
    write: (line) => {
      const { level, msg } = JSON.parse(line) as { level: string; msg: string };
      logged.push(`${level}: ${msg}`);
    },
  },
});
const email = 'First@example.com';
const ensure = (password: string) => ensureOperator({ db, log }, { email, password });
const fits = async (password: string) =>
  verifyPassword((await findUser(db, email))?.password_hash ?? undefined, password);

beforeEach(async () => {
  logged.length = 0;
  await sql.query('delete from actp_users');
});

it('makes the account of the first operator once, and gives it another password only when the settings do', async () => {
  await ensure('the first passphrase');
  expect(await findUser(db, email)).toMatchObject({ email: 'first@example.com', role: 'operator' });
  expect(await fits('the first passphrase')).toBe(true);
  await ensure('the first passphrase');
  expect(logged).toEqual(['info: the first operator account was made']);
  // What was changed over HTTP stays, until the settings name another one than before.
  await sql.query(`update actp_users set password_hash = 'changed over HTTP'`);
  await ensure('the first passphrase');
  expect((await findUser(db, email))?.password_hash).toBe('changed over HTTP');
  expect(logged).toHaveLength(1);
  await ensure('the second passphrase');
  expect(await fits('the second passphrase')).toBe(true);
  expect(logged.at(-1)).toBe('warn: the operator has another password now: the one of OPERATOR_PASSWORD');
  expect(logged).toHaveLength(2);
});

it('touches no account of a user, which is said', async () => {
  await sql.query(`insert into actp_users (email, password_hash, role) values ($1, 'a hash', 'user')`, [
    email.toLowerCase(),
  ]);
  await ensure('the first passphrase');
  expect(await findUser(db, email)).toMatchObject({ role: 'user', password_hash: 'a hash' });
  expect(logged).toEqual(['error: OPERATOR_EMAIL is the account of a user: no operator can log in with it']);
});

it('gives a password to who was invited and has none yet', async () => {
  await sql.query(`insert into actp_users (email, role) values ($1, 'operator')`, [email.toLowerCase()]);
  await ensure('the first passphrase');
  expect(await fits('the first passphrase')).toBe(true);
});

it('says nothing when another copy was faster, or the account is gone meanwhile', async () => {
  const answers: unknown[] = [false, null];
  const answering = { call: () => Promise.resolve(answers.shift() as never) };
  const settings = { email, password: 'the first passphrase' };
  await ensureOperator({ db: answering, log }, settings);
  const configured_hash = await hashPassword('another passphrase');
  answers.push(false, { role: 'operator', password_hash: 'a', configured_hash }, false);
  await ensureOperator({ db: answering, log }, settings);
  expect(answers).toEqual([]);
  expect(logged).toEqual([]);
});
