import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { ensureOperator } from '@actp/services/users/ensure-operator';
import {
  json,
  log,
  openGateway,
  operator,
  operatorToken,
  personSession,
  type TestGateway,
} from '../gateway.fixture.ts';

const stores = await openStores();
const one = await openGateway(stores);
const two = await openGateway(stores);
const operatorOf = await operatorToken(one);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statusAt = async (gateway: TestGateway, token: string) =>
  (await gateway.fetch('/v1/sessions', { headers: bearer(token) })).status;

let people = 0;
/** Another operator who is logged in; the password is real. */
async function another(password = 'the password of another operator') {
  people += 1;
  const email = `person-${people}@example.com`;
  return { email, password, ...(await personSession(stores, { email, role: 'operator', password })) };
}
type Person = Awaited<ReturnType<typeof another>>;

/** The ways in which a session ends, all of them on the first gateway. */
const ways: Record<string, (person: Person) => Promise<unknown>> = {
  logout: async ({ token }) =>
    expect((await one.fetch('/v1/auth/logout', json({}, bearer(token)))).status).toBe(204),
  'an operator who ends it': async ({ session }) => {
    const answer = await one.fetch(`/v1/sessions/${session}`, {
      method: 'DELETE',
      headers: bearer(operatorOf),
    });
    expect(answer.status).toBe(204);
  },
  'another password': async ({ token, password }) => {
    const change = { current: password, new: 'another long password of theirs' };
    expect((await one.fetch('/v1/auth/password', json(change, bearer(token)))).status).toBe(200);
  },
  'being disabled': async ({ id }) => {
    const answer = await one.fetch(`/v1/operators/${id}`, {
      ...json({ disabled: true }, bearer(operatorOf)),
      method: 'PATCH',
    });
    expect(answer.status).toBe(200);
  },
  'another role': ({ id }) => stores.sql.query(`update actp_users set role = 'user' where id = $1`, [id]),
  'the account’s deletion': ({ id }) => stores.sql.query('delete from actp_users where id = $1', [id]),
};

describe('[TRU-003] a session', () => {
  it.each(Object.entries(ways))('ends on every gateway by %s', async (_way, end) => {
    const person = await another();
    // Both know it, so that both have something to forget.
    expect(await statusAt(one, person.token)).toBe(200);
    expect(await statusAt(two, person.token)).toBe(200);
    await end(person);
    await eventually(async () => (await statusAt(two, person.token)) === 401);
    await eventually(async () => (await statusAt(one, person.token)) === 401);
    expect(await statusAt(one, operatorOf)).toBe(200);
  });

  it('is not there again when what ended it is undone', async () => {
    const person = await another();
    await stores.sql.query(`update actp_users set role = 'user' where id = $1`, [person.id]);
    await stores.sql.query(`update actp_users set role = 'operator' where id = $1`, [person.id]);
    expect(await statusAt(two, person.token)).toBe(401);
  });

  it('decides nothing once it has ended, whatever a gateway still believes', async () => {
    const person = await another();
    const asked = await one.fetch(
      '/v1/approvals',
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
    );
    const { id, action_digest } = (await asked.json()) as { id: string; action_digest: string };
    await stores.sql.query('update actp_sessions set ended_at = now() where id = $1', [person.session]);
    const { rows } = await stores.sql.query<{ answer: { result: string } }>(
      `select decide_approval($1, 'approved', $2, $3, null, null, $4) as answer`,
      [id, action_digest, `operator:${person.email}`, { session_id: person.session }],
    );
    expect(rows[0]?.answer.result).toBe('not_operator');
    await expect(
      stores.sql.query(`select set_kill_switch('all', 'x', $1, $2)`, [
        `operator:${person.email}`,
        { session_id: person.session },
      ]),
    ).rejects.toThrow('not an operator who may act');
  });

  it('ends what it was still being answered: a wait, and a stream of events', async () => {
    const person = await another();
    const asked = await one.fetch(
      '/v1/approvals',
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
    );
    const { id } = (await asked.json()) as { id: string };
    const wait = two.fetch(`/v1/approvals/${id}`, {
      headers: { ...bearer(person.token), prefer: 'wait=55' },
    });
    const stream = await two.fetch(`/v1/approvals/${id}/events`, { headers: bearer(person.token) });
    expect(stream.headers.get('cache-control')).toBe('no-store');
    const told = stream.text();
    await one.fetch('/v1/auth/logout', json({}, bearer(person.token)));
    expect((await wait).status).toBe(401);
    expect(await told).toContain('event: pending');
  });

  it('is listed with where it comes from, without its token, and ended once', async () => {
    const person = await another();
    const list = async () => {
      const answer = await one.fetch('/v1/sessions?limit=100', { headers: bearer(operatorOf) });
      const text = await answer.text();
      expect(text).not.toContain(person.token);
      return (JSON.parse(text) as { sessions: Array<Record<string, unknown>> }).sessions;
    };
    const sessions = await list();
    expect(sessions).toContainEqual(
      expect.objectContaining({ id: person.session, email: person.email, kind: 'api', current: false }),
    );
    expect(sessions.filter(({ current }) => current)).toMatchObject([
      { email: operator.email.toLowerCase(), ip: '127.0.0.1' },
    ]);
    const end = () =>
      one.fetch(`/v1/sessions/${person.session}`, { method: 'DELETE', headers: bearer(operatorOf) });
    expect((await end()).status).toBe(204);
    expect((await end()).status).toBe(404);
    expect((await list()).map(({ id }) => id)).not.toContain(person.session);
    const { rows } = await stores.sql.query(
      `select agent_id, result ->> 'of' as of from actp_agent_audit_log where action_type = 'session.end'
       and result ->> 'session_id' = $1`,
      [person.session],
    );
    expect(rows).toEqual([{ agent_id: `operator:${operator.email.toLowerCase()}`, of: person.email }]);
  });

  it('is listed a page at a time', async () => {
    const seen = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer = await one.fetch(`/v1/sessions?limit=1${query}`, { headers: bearer(operatorOf) });
      const page = (await answer.json()) as { sessions: Array<{ id: string }>; next_cursor: string | null };
      for (const { id } of page.sessions) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      cursor = page.next_cursor;
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('of a user is neither listed by them nor ends that of another', async () => {
    const user = await personSession(stores, { email: 'plain-user@example.com' });
    const person = await another();
    expect(await statusAt(one, user.token)).toBe(403);
    const end = await one.fetch(`/v1/sessions/${person.session}`, {
      method: 'DELETE',
      headers: bearer(user.token),
    });
    expect(end.status).toBe(403);
    expect(await statusAt(one, person.token)).toBe(200);
    expect((await one.fetch('/v1/auth/logout', json({}, bearer(user.token)))).status).toBe(204);
    await eventually(async () => (await statusAt(one, user.token)) === 401);
  });

  it('lasts as long as it is configured', async () => {
    const short = await openGateway(stores, { SESSION_HOURS: 2 });
    const login = await short.fetch('/v1/auth/login', json(operator));
    expect(await login.json()).toMatchObject({ expires_in: 7_200 });
    const page = await fetch(`${short.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(operator),
    });
    expect(page.headers.get('set-cookie')).toContain('Max-Age=7200;');
    const { rows } = await stores.sql.query<{ hours: number }>(
      `select extract(epoch from expires_at - created_at)::integer / 3600 as hours
       from actp_sessions order by created_at desc limit 2`,
    );
    expect(rows).toEqual([{ hours: 2 }, { hours: 2 }]);
  });

  it('is over when its row says so, however long its token would be good', async () => {
    const person = await another();
    await stores.sql.query(
      `update actp_sessions set created_at = now() - interval '3 hours', expires_at = now() - interval '1 second' where id = $1`,
      [person.session],
    );
    expect(await statusAt(two, person.token)).toBe(401);
  });
});

describe('[TRU-003] another password', () => {
  it('ends all sessions of the account, pages too, and gives a new token for the caller', async () => {
    const person = await another();
    const again = await one.fetch('/v1/auth/login', json({ email: person.email, password: person.password }));
    const { access_token: other } = (await again.json()) as { access_token: string };
    const change = { current: person.password, new: 'a password that nobody knows' };
    const answer = await one.fetch('/v1/auth/password', json(change, bearer(person.token)));
    const { access_token } = (await answer.json()) as { access_token: string };
    for (const token of [person.token, other]) {
      await eventually(async () => (await statusAt(two, token)) === 401);
    }
    expect(await statusAt(two, access_token)).toBe(200);
    const login = (password: string) => one.fetch('/v1/auth/login', json({ email: person.email, password }));
    expect((await login(person.password)).status).toBe(401);
    expect((await login(change.new)).status).toBe(200);
  });

  it('takes the current one, and one that is long enough; a token alone cannot try many', async () => {
    const person = await another();
    const change = (current: string, replacement: string) =>
      one.fetch('/v1/auth/password', json({ current, new: replacement }, bearer(person.token)));
    expect((await change(person.password, 'short')).status).toBe(400);
    const statuses = [];
    for (let i = 0; i < 11; i += 1) statuses.push((await change('wrong', 'long enough for sure')).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 403), 429]);
    expect((await change(person.password, 'long enough for sure')).status).toBe(429);
    expect(await statusAt(one, person.token)).toBe(200);
  });

  it('of the first operator stays when the gateway starts again, until OPERATOR_PASSWORD changes', async () => {
    const own = await openStores();
    const first = await openGateway(own);
    const token = await operatorToken(first);
    const change = { current: operator.password, new: 'changed over HTTP, and long' };
    expect((await first.fetch('/v1/auth/password', json(change, bearer(token)))).status).toBe(200);
    const login = async (at: TestGateway, password: string) =>
      (await at.fetch('/v1/auth/login', json({ ...operator, password }))).status;
    // What a start does.
    await ensureOperator({ db: createDb(own.env, 'gateway'), log }, operator);
    expect(await login(first, change.new)).toBe(200);
    const third = await openGateway(own, { OPERATOR_PASSWORD: 'another one in the settings' });
    await eventually(async () => (await login(third, 'another one in the settings')) === 200);
    expect(await login(first, change.new)).toBe(401);
    expect(await login(first, operator.password)).toBe(401);
  });
});

it('[TRU-003] nobody is let in by a session while the database does not say whether it lives', async () => {
  const own = await openStores();
  const gateway = await openGateway(own);
  const token = await operatorToken(gateway);
  expect(await statusAt(gateway, token)).toBe(200);
  await own.postgrest.stop(true);
  const answer = await eventually(async () => {
    const tried = await gateway.fetch('/v1/schedules', { headers: bearer(token) });
    return tried.status === 503 && tried;
  });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const decision = { decision: 'approved', action_digest: 'a'.repeat(64) };
  const path = '/v1/approvals/7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11/decision';
  expect((await gateway.fetch(path, json(decision, bearer(token)))).status).toBe(503);
});
