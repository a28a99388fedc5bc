import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import {
  json,
  openGateway,
  operator,
  operatorToken,
  personSession,
  registeredUser,
  type TestGateway,
} from '../gateway.fixture.ts';

const stores = await openStores();
const one = await openGateway(stores);
const two = await openGateway(stores, { SESSION_HOURS: 2 });
const asOperator = { authorization: `Bearer ${await operatorToken(one)}` };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statusAt = async (gateway: TestGateway, token: string) =>
  (await gateway.fetch('/v1/spending', { headers: bearer(token) })).status;
const login = (email: string, password: string, at = one) =>
  at.fetch('/v1/auth/login', json({ email, password }));

describe('[TASK-001] a user who logs in', () => {
  it('hears the same for a wrong password and for accounts that nobody logs in to', async () => {
    const { email } = await registeredUser(one, 'hears@example.com');
    const disabled = await registeredUser(one, 'disabled@example.com');
    await stores.sql.query('update actp_users set disabled_at = now() where id = $1', [disabled.id]);
    await one.fetch('/v1/operators', json({ email: 'invited@example.com' }, asOperator));
    const answers = [];
    for (const [address, password] of [
      [email, 'wrong password'],
      ['nobody@example.com', 'wrong password'],
      [disabled.email, disabled.password],
      ['invited@example.com', 'wrong password'],
    ] as const) {
      const answer = await login(address, password);
      expect([address, answer.status]).toEqual([address, 401]);
      const { request_id: _, ...problem } = (await answer.json()) as Record<string, unknown>;
      answers.push(JSON.stringify(problem));
    }
    expect(new Set(answers).size).toBe(1);
  });

  it('is locked out as operators are, also on this machine, and an address that is nobody’s is, too', async () => {
    const { email, password } = await registeredUser(one, 'locked@example.com');
    for (const address of [email, 'nobody-locked@example.com']) {
      const statuses = [];
      for (let i = 0; i < 11; i += 1) statuses.push((await login(address, `guess ${i}`)).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    }
    const right = await login(email.toUpperCase(), password);
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('gets a token for one hour, and its session ends then; an operator gets SESSION_HOURS', async () => {
    const { email, password, id } = await registeredUser(one, 'hour@example.com');
    const expiresIn = async (answer: Response) =>
      ((await answer.json()) as { expires_in: number }).expires_in;
    expect(await expiresIn(await login(email, password))).toBe(3_600);
    expect(await expiresIn(await login(email, password, two))).toBe(3_600);
    expect(await expiresIn(await login(operator.email, operator.password, two))).toBe(7_200);
    const { rows } = await stores.sql.query(
      `select distinct extract(epoch from expires_at - created_at)::integer as seconds
       from actp_sessions where user_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ seconds: 3_600 }]);
  });

  it('is let in by no token that says another time or person than its session', async () => {
    const ann = await registeredUser(one, 'ann-token@example.com');
    const bob = await registeredUser(one, 'bob-token@example.com');
    const [head, , signature] = ann.token.split('.');
    const [, body] = bob.token.split('.');
    expect(await statusAt(one, `${head}.${body}.${signature}`)).toBe(401);
    const { rowCount } = await stores.sql.query(
      `update actp_sessions set created_at = now() - interval '2 hours', expires_at = now() - interval '1 second'
       where user_id = $1`,
      [ann.id],
    );
    expect(rowCount).toBe(1);
    expect(await statusAt(two, ann.token)).toBe(401);
  });
});

describe('[TASK-001] another password of a user', () => {
  const change = (token: string, current: string, replacement: string) =>
    one.fetch('/v1/auth/password', json({ current, new: replacement }, bearer(token)));

  it('ends all sessions of the account, and gives a new token for one hour', async () => {
    const { email, password, token } = await registeredUser(one, 'changes@example.com');
    const { access_token: other } = (await (await login(email, password)).json()) as { access_token: string };
    expect(await statusAt(two, other)).toBe(200);
    const answer = await change(token, password, 'another10!');
    expect(answer.status).toBe(200);
    const { access_token, expires_in } = (await answer.json()) as {
      access_token: string;
      expires_in: number;
    };
    expect(expires_in).toBe(3_600);
    for (const old of [token, other]) await eventually(async () => (await statusAt(two, old)) === 401);
    expect(await statusAt(two, access_token)).toBe(200);
    expect((await login(email, password)).status).toBe(401);
    expect((await login(email, 'another10!')).status).toBe(200);
  });

  it('has 10 to 200 characters; that of an operator 12 to 1024', async () => {
    const { password, token } = await registeredUser(one, 'chooses@example.com');
    for (const replacement of ['a'.repeat(9), 'a'.repeat(201), '🔑'.repeat(9)]) {
      const answer = await change(token, password, replacement);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ errors: [{ field: 'new' }] });
    }
    expect((await change(token, password, 'a'.repeat(200))).status).toBe(200);
    const person = { email: 'chief@example.com', role: 'operator', password: 'a long password' } as const;
    const { token: chief } = await personSession(stores, person);
    expect((await change(chief, person.password, 'a'.repeat(11))).status).toBe(400);
    expect((await change(chief, person.password, 'a'.repeat(1_025))).status).toBe(400);
    expect((await change(chief, person.password, 'a'.repeat(1_024))).status).toBe(200);
  });

  it('changes nobody else’s, and not without the current one', async () => {
    const { email, password, token } = await registeredUser(one, 'keeps@example.com');
    expect((await change(token, 'wrong', 'another of ten')).status).toBe(403);
    expect(
      (await one.fetch('/v1/auth/password', json({ current: password, new: 'another of ten' }))).status,
    ).toBe(403);
    expect((await login(email, password)).status).toBe(200);
  });
});

describe('[TASK-006] GET /v1/audit for a user', () => {
  type Event = { agent_id: string; action_type: string };
  const read = async (token: string, query = '') => {
    const answer = await one.fetch(`/v1/audit${query}`, { headers: bearer(token) });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { events: Event[] }).events;
  };

  it('shows what they did, and nothing of others, whatever they filter by', async () => {
    const ann = await registeredUser(one, 'ann-reads@example.com');
    const bob = await registeredUser(one, 'bob-reads@example.com');
    const own = ['user:ann-reads@example.com', 'login:ann-reads@example.com'];
    const events = await read(ann.token);
    expect(events).toContainEqual(
      expect.objectContaining({ agent_id: own[0], action_type: 'auth.register', status: 'ok' }),
    );
    expect(events.filter(({ agent_id }) => !own.includes(agent_id))).toEqual([]);
    for (const other of [
      `user:${bob.email}`,
      `login:${bob.email}`,
      bob.id,
      `operator:${operator.email.toLowerCase()}`,
      'gateway',
      'anonymous',
      'worker',
      '%',
      `${own[0]}' or true --`,
    ]) {
      expect([other, await read(ann.token, `?agent_id=${encodeURIComponent(other)}`)]).toEqual([other, []]);
    }
    for (const filter of ['action_type=auth.register', 'ip=127.0.0.1', 'source=plane', 'status=ok']) {
      const found = await read(ann.token, `?${filter}&limit=1000`);
      expect(found.filter(({ agent_id }) => !own.includes(agent_id))).toEqual([]);
    }
  });

  it('shows what happened to their tasks, whoever did it, and nothing of the tasks of others', async () => {
    const ann = await registeredUser(one, 'ann-asks@example.com');
    const bob = await registeredUser(one, 'bob-asks@example.com');
    for (const { id, email } of [ann, bob]) {
      await stores.sql.query(
        `with task as (
           insert into actp_tasks (user_id, prompt, max_spend_minor) values ($1, 'Research tea', 100) returning id
         )
         insert into actp_agent_audit_log (agent_id, action_type, status, task_id, result, ip_address, user_agent)
         select who, 'task.' || $2, 'ok', task.id, '{}', '198.51.100.9', 'theirs'
         from task, unnest(array['executor', 'operator:chief@example.com', 'user:' || $2]) who`,
        [id, email],
      );
    }
    const seen = await read(ann.token, `?action_type=task.${ann.email}`);
    expect(seen.toSorted((a, b) => a.agent_id.localeCompare(b.agent_id))).toMatchObject([
      { agent_id: 'executor', ip_address: '198.51.100.9', user_agent: 'theirs' },
      // From where an operator acts is none of a user's business.
      { agent_id: 'operator:chief@example.com', ip_address: null, user_agent: null },
      { agent_id: `user:${ann.email}`, ip_address: '198.51.100.9' },
    ]);
    expect(await read(ann.token, '?agent_id=executor')).toMatchObject([{ action_type: `task.${ann.email}` }]);
    expect(await read(ann.token, `?action_type=task.${bob.email}`)).toEqual([]);
    expect(await read(ann.token, `?agent_id=user:${bob.email}`)).toEqual([]);
    const all = await read(ann.token, '?limit=1000');
    expect(JSON.stringify(all)).not.toContain(bob.email);
  });

  it('shows nothing from before the account, of another one with the same address', async () => {
    const email = 'again@example.com';
    const first = await registeredUser(one, email);
    await login(email, 'wrong password');
    await stores.sql.query('delete from actp_users where id = $1', [first.id]);
    const second = await registeredUser(one, email);
    const events = await read(second.token, '?action_type=auth.register');
    expect(events).toMatchObject([{ agent_id: `user:${email}`, result: { user_id: second.id } }]);
  });

  it('comes a page at a time, with each event once', async () => {
    const { id, token, email } = await registeredUser(one, 'pages@example.com');
    await stores.sql.query(
      `with task as (
         insert into actp_tasks (user_id, prompt, max_spend_minor) values ($1, 'Research tea', 100) returning id
       )
       insert into actp_agent_audit_log (agent_id, action_type, status, task_id)
       select 'user:' || $2, 'task.step', 'ok', task.id from task, generate_series(1, 5)`,
      [id, email],
    );
    const ids: number[] = [];
    let cursor = '';
    do {
      const answer = await one.fetch(`/v1/audit?action_type=task.step&limit=2${cursor}`, {
        headers: bearer(token),
      });
      const page = (await answer.json()) as { events: Array<{ id: number }>; next_cursor: string | null };
      ids.push(...page.events.map((event) => event.id));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });

  it('is all they see of the log', async () => {
    const { token } = await registeredUser(one, 'sees@example.com');
    for (const path of ['/v1/audit/export', '/v1/audit/summary', '/v1/audit/verify']) {
      expect((await one.fetch(path, { headers: bearer(token) })).status).toBe(403);
    }
  });
});
