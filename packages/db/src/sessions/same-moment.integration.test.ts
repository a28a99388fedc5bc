import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';
import { answerAfterWaiting } from '../waits.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

it.each([
  ['gets another password', `password_hash = 'another'`],
  ['is disabled', 'disabled_at = now()'],
])('[SEC-011] no session is opened for an account that %s at the same moment', async (_what, change) => {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash, role) values ($1, 'hash', 'operator') returning id`,
    [`${randomUUID()}@example.com`],
  );
  const id = rows[0]?.id;
  const lock = [`update actp_users set ${change} where id = $1`, id] as const;
  const opened = answerAfterWaiting(sql, { lock }, () =>
    call(`open_session($1, 'hash', 'api', 12, '{}')`, id),
  );
  expect(await opened).toBeNull();
});
