import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { registerUser } from '@actp/services/users/register';
import { openStores } from '@actp/testing/stores';
import {
  json,
  openGateway,
  operator,
  operatorToken,
  pageSession,
  personSession,
  registeredUser,
  secret,
} from '../../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores, { TRUSTED_PROXIES: ['127.0.0.1'] });
const token = await operatorToken(gateway);
const asOperator = { authorization: `Bearer ${token}` };
const password = 'ten or more';

const register = (body: unknown, headers: Record<string, string> = {}, at = gateway) =>
  fetch(`${at.url}/v1/auth/register`, json(body, headers));
const account = async (email: string) =>
  (
    await stores.sql.query<{ id: string; role: string }>('select id, role from actp_users where email = $1', [
      email,
    ])
  ).rows;
const events = async (answer: Response) =>
  (
    await stores.sql.query(
      `select agent_id, action_type, status, host(ip_address) as ip, user_agent, result ->> 'of' as of, source
       from actp_agent_audit_log where request_id = $1`,
      [answer.headers.get('x-request-id')],
    )
  ).rows;
const count = async () =>
  (await stores.sql.query<{ n: number }>('select count(*)::integer as n from actp_users')).rows[0]?.n;

describe('[TASK-001] POST /v1/auth/register', () => {
  it('makes an account with the role user, which can log in, whatever the case of its address', async () => {
    const answer = await register({ email: ' Ann@Example.com', password });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const made = (await answer.json()) as { id: string };
    expect(made).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/), email: 'ann@example.com' });
    expect(await account('ann@example.com')).toEqual([{ id: made.id, role: 'user' }]);
    const login = await gateway.fetch('/v1/auth/login', json({ email: 'ANN@example.com', password }));
    expect(login.status).toBe(200);
    expect(await login.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3_600 });
  });

  it('leaves an event with address and user agent, of the account made and of the one refused', async () => {
    const from = { 'x-forwarded-for': '198.51.100.7', 'user-agent': 'a test' };
    const of = 'eve@example.com';
    const shared = {
      action_type: 'auth.register',
      ip: '198.51.100.7',
      user_agent: 'a test',
      of,
      source: 'plane',
    };
    const made = await register({ email: of, password }, from);
    expect(await events(made)).toEqual([{ ...shared, agent_id: `user:${of}`, status: 'ok' }]);
    const again = await register({ email: of.toUpperCase(), password: 'another one' }, from);
    expect(again.status).toBe(409);
    expect(await events(again)).toEqual([{ ...shared, agent_id: `login:${of}`, status: 'error' }]);
  });

  it('makes one account of many registrations at once, in whatever case, on whichever gateway', async () => {
    const other = await openGateway(stores);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        register(
          { email: i % 3 === 0 ? 'race@example.com' : 'RACE@Example.com', password: `ten or more ${i}` },
          {},
          i % 2 === 0 ? gateway : other,
        ),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(11);
    expect(await account('race@example.com')).toHaveLength(1);
  });

  it('answers 409 alike for every kind of account that has the address, and changes none', async () => {
    await gateway.fetch('/v1/operators', json({ email: 'invited@example.com' }, asOperator));
    await personSession(stores, { email: 'disabled@example.com' });
    await stores.sql.query(`update actp_users set disabled_at = now() where email = 'disabled@example.com'`);
    await personSession(stores, { email: 'user@example.com' });
    await personSession(stores, { email: 'operator@example.com', role: 'operator' });
    const before = await stores.sql.query('select * from actp_users order by id');
    const problems = [];
    for (const email of [
      'invited@example.com',
      'disabled@example.com',
      'USER@example.com',
      'Operator@example.com',
      operator.email,
    ]) {
      const answer = await register({ email, password });
      expect([email, answer.status]).toEqual([email, 409]);
      const { request_id: _, ...problem } = (await answer.json()) as Record<string, unknown>;
      problems.push(JSON.stringify(problem));
    }
    expect(new Set(problems).size).toBe(1);
    expect((await stores.sql.query('select * from actp_users order by id')).rows).toEqual(before.rows);
  });

  it('keeps the address of the configured operator free for them, before the account was made', async () => {
    const db = createDb(stores.env, 'gateway');
    const from = { actor: undefined, ip: '127.0.0.1', userAgent: null, requestId: null };
    let hashed = 0;
    const hashing = async <T>(work: () => Promise<T>) => {
      const done = await work();
      hashed += 1;
      return done;
    };
    const email = 'To-Be-Made@example.com';
    await expect(
      registerUser({ db, operatorEmail: 'to-be-made@example.com' }, { email, password }, from, hashing),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(hashed).toBe(1);
    expect(await account('to-be-made@example.com')).toEqual([]);
  });

  it.each<[field: string, why: string, body: unknown]>([
    ['password', 'nine characters', { email: 'bad@example.com', password: 'a'.repeat(9) }],
    ['password', '201 characters', { email: 'bad@example.com', password: 'a'.repeat(201) }],
    ['password', 'five characters of two units each', { email: 'bad@example.com', password: '🔑'.repeat(5) }],
    ['password', 'no password', { email: 'bad@example.com' }],
    ['password', 'a number', { email: 'bad@example.com', password: 1_234_567_890 }],
    ['body', 'a NUL', { email: 'bad@example.com', password: 'ten or more\0' }],
    ['email', 'no address', { password }],
    ['email', 'no e-mail address', { email: 'bad', password }],
    ['email', 'a name of the plane', { email: 'operator:bad@example.com', password }],
    ['email', 'a letter that looks like another', { email: 'b\u0430d@example.com', password }],
    ['email', 'a list', { email: ['bad@example.com'], password }],
    [
      'email',
      'longer than a name in the log',
      { email: `bad@${'x'.repeat(60)}.${'y'.repeat(60)}.com`, password },
    ],
    ['role', 'a role', { email: 'bad@example.com', password, role: 'operator' }],
    ['is_admin', 'an unknown key', { email: 'bad@example.com', password, is_admin: true }],
    ['id', 'an id', { email: 'bad@example.com', password, id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11' }],
  ])('answers 400 and names %s: %s', async (field, _why, body) => {
    const before = await count();
    const answer = await register(body);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: Array<{ field: string }> };
    expect(errors.map((problem) => problem.field)).toContain(field);
    expect(await count()).toBe(before);
  });

  it.each(['a'.repeat(10), 'a'.repeat(200), '🔑'.repeat(10), '🔑'.repeat(200), '          '])(
    'takes a password from 10 to 200 characters: %s',
    async (chosen) => {
      const email = `p${chosen.length}-${chosen.codePointAt(0)}@example.com`;
      expect((await register({ email, password: chosen })).status).toBe(201);
      expect((await gateway.fetch('/v1/auth/login', json({ email, password: chosen }))).status).toBe(200);
    },
  );

  it('gives no role to who shows a credential, and names the operator who makes an account', async () => {
    const made = await register({ email: 'made@example.com', password }, asOperator);
    expect(made.status).toBe(201);
    expect(await account('made@example.com')).toMatchObject([{ role: 'user' }]);
    expect(await events(made)).toMatchObject([
      { agent_id: `operator:${operator.email.toLowerCase()}`, of: 'made@example.com', status: 'ok' },
    ]);
    const agent = await register(
      { email: 'agent@example.com', password },
      { authorization: `Bearer ${secret}` },
    );
    expect(agent.status).toBe(201);
    expect(await events(agent)).toMatchObject([{ agent_id: 'user:agent@example.com' }]);
  });

  it('opens nothing that is for operators', async () => {
    const { token: own } = await registeredUser(gateway, 'mere@example.com');
    const headers = { authorization: `Bearer ${own}` };
    for (const path of [
      '/v1/sessions',
      '/v1/operators',
      '/v1/agents',
      '/v1/audit/export',
      '/v1/kill-switch',
    ]) {
      expect([path, (await gateway.fetch(path, { headers })).status]).toEqual([path, 403]);
    }
  });
});

describe('[TASK-001] REGISTRATION=closed', async () => {
  const closed = await openGateway(stores, { REGISTRATION: 'closed' });
  const tries: Array<[who: string, headers: () => Promise<Record<string, string>>]> = [
    ['nobody', async () => ({})],
    ['an agent', async () => ({ authorization: `Bearer ${secret}` })],
    [
      'a user',
      async () => {
        const { token: own } = await personSession(stores, { email: 'lets-in-nobody@example.com' });
        return { authorization: `Bearer ${own}` };
      },
    ],
    ['an unknown token', async () => ({ authorization: 'Bearer x' })],
    [
      'the cookie of a page without its second token',
      async () => ({ cookie: (await pageSession(closed)).cookie }),
    ],
  ];

  it.each(tries)(
    'refuses %s with 403, whatever the body is, and says who can help',
    async (_who, headersOf) => {
      const headers = await headersOf();
      for (const body of [{ email: 'late@example.com', password }, { email: 1 }, 'text']) {
        const answer = await register(body, headers, closed);
        expect(answer.status).toBe(403);
        expect(await answer.json()).toMatchObject({
          code: 'forbidden',
          detail: 'registration is closed: ask an operator for an account',
        });
      }
      expect(await account('late@example.com')).toEqual([]);
    },
  );

  it('lets operators make accounts of users, by token and by page', async () => {
    const byToken = await register({ email: 'by-token@example.com', password }, asOperator, closed);
    const byPage = await register(
      { email: 'by-page@example.com', password },
      await pageSession(closed),
      closed,
    );
    expect([byToken.status, byPage.status]).toEqual([201, 201]);
    expect(await account('by-page@example.com')).toMatchObject([{ role: 'user' }]);
    expect((await register({ email: 'by-page@example.com', password }, asOperator, closed)).status).toBe(409);
  });
});
