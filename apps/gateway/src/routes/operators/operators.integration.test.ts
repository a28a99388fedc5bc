import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operator, operatorToken, personSession } from '../../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const first = await operatorToken(gateway);
const password = 'a passphrase of their own';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const send = async (method: string, path: string, body?: unknown, token = first) => {
  const init = body === undefined ? { headers: bearer(token) } : json(body, bearer(token));
  const answer = await gateway.fetch(path, { ...init, method });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
};
const accept = (code: unknown, chosen: unknown = password) =>
  fetch(`${gateway.url}/v1/auth/accept-invite`, json({ code, password: chosen }));
const login = (email: string, chosen = password) =>
  gateway.fetch('/v1/auth/login', json({ email, password: chosen }));
const tokenOf = async (email: string, chosen = password) =>
  ((await (await login(email, chosen)).json()) as { access_token: string }).access_token;

let people = 0;
async function invited(name?: string) {
  people += 1;
  const email = `invited-${people}@example.com`;
  const { status, body } = await send('POST', '/v1/operators', {
    email,
    ...(name !== undefined && { name }),
  });
  expect(status).toBe(201);
  return { email, id: String(body['id']), code: String(body['invite_code']) };
}
async function joined(name?: string) {
  const one = await invited(name);
  expect((await accept(one.code)).status).toBe(200);
  return { ...one, token: await tokenOf(one.email) };
}
const listed = async () => {
  const { body } = await send('GET', '/v1/operators?limit=100');
  return body['operators'] as Array<Record<string, unknown>>;
};

describe('[TRU-003] an invitation', () => {
  it('is a code that sets the first password, once', async () => {
    const { email, id, code } = await invited('Ann');
    expect(code).toMatch(/^[\w-]{43}$/);
    expect((await login(email)).status).toBe(401);
    expect(await listed()).toContainEqual(
      expect.objectContaining({ id, email, name: 'Ann', state: 'invited', self: false }),
    );
    const answer = await accept(code);
    expect([answer.status, await answer.json()]).toEqual([200, { id, email }]);
    expect((await accept(code, 'another passphrase of a thief')).status).toBe(401);
    expect((await login(email)).status).toBe(200);
    const { rows } = await stores.sql.query<{ all: string }>(
      `select string_agg(u::text, ' ') || (select string_agg(l.result::text, ' ') from actp_agent_audit_log l) as all from actp_users u`,
    );
    expect(rows[0]?.all).not.toContain(code);
  });

  it('is accepted once when it is sent many times at the same moment', async () => {
    const { code } = await invited();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => accept(code, `${password} ${i}`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 401),
    ]);
  });

  it('is refused when the code is wrong, too old, withdrawn or replaced, and before the password is looked at', async () => {
    for (const code of [undefined, '', 'x', 'x'.repeat(100_000), 'a\0b']) {
      expect((await accept(code, 'short')).status).toBe(code === 'a\0b' ? 400 : 401);
    }
    const old = await invited();
    await stores.sql.query('update actp_users set invite_expires_at = now() where id = $1', [old.id]);
    expect((await accept(old.code)).status).toBe(401);
    const withdrawn = await invited();
    expect((await send('PATCH', `/v1/operators/${withdrawn.id}`, { disabled: true })).status).toBe(200);
    expect((await accept(withdrawn.code)).status).toBe(401);
    const again = await invited();
    const { body } = await send('POST', '/v1/operators', { email: again.email.toUpperCase() });
    expect(body['id']).toBe(again.id);
    expect((await accept(again.code)).status).toBe(401);
    expect((await accept(body['invite_code'])).status).toBe(200);
  });

  it('keeps its code after a password that is too short', async () => {
    const { code } = await invited();
    const short = await accept(code, 'short');
    expect([short.status, await short.json()]).toEqual([
      400,
      expect.objectContaining({
        errors: [{ field: 'password', message: 'must have 12 to 1024 characters' }],
      }),
    ]);
    expect((await accept(code)).status).toBe(200);
  });

  it('takes over no account that there is', async () => {
    const user = await personSession(stores, { email: 'user@example.com' });
    for (const email of [operator.email, operator.email.toUpperCase(), 'user@example.com']) {
      expect((await send('POST', '/v1/operators', { email })).status).toBe(409);
    }
    const { rows } = await stores.sql.query('select role from actp_users where id = $1', [user.id]);
    expect(rows).toEqual([{ role: 'user' }]);
  });

  it.each([
    {},
    { email: 'no address' },
    { email: 'a@b@c' },
    { email: `${'a'.repeat(65)}@example.com` },
    { email: 'a@b.c', role: 'operator' },
    { email: 'a@b.c', name: '' },
    { email: 'a@b.c', name: 'two\nlines' },
    { email: 'operator:x y@b.c' },
  ])('is not made of %j', async (body) => {
    expect((await send('POST', '/v1/operators', body)).status).toBe(400);
  });
});

describe('[TRU-003] an operator who is disabled', () => {
  it('is out at once, and in again only after being enabled and logging in', async () => {
    const ann = await joined();
    expect((await send('GET', '/v1/operators', undefined, ann.token)).status).toBe(200);
    expect((await send('PATCH', `/v1/operators/${ann.id}`, { disabled: true })).body).toMatchObject({
      state: 'disabled',
    });
    expect((await send('GET', '/v1/operators', undefined, ann.token)).status).toBe(401);
    expect((await login(ann.email)).status).toBe(401);
    expect((await send('PATCH', `/v1/operators/${ann.id}`, { disabled: false })).body).toMatchObject({
      state: 'active',
    });
    expect((await send('GET', '/v1/operators', undefined, ann.token)).status).toBe(401);
    expect((await login(ann.email)).status).toBe(200);
  });

  it('is never the last one', async () => {
    const own = await openStores();
    const alone = await openGateway(own);
    const token = await operatorToken(alone);
    const { rows } = await own.sql.query<{ id: string }>('select id from actp_users');
    const disable = () =>
      alone.fetch(`/v1/operators/${rows[0]?.id}`, {
        ...json({ disabled: true }, bearer(token)),
        method: 'PATCH',
      });
    // Who was only invited cannot take over.
    await alone.fetch('/v1/operators', json({ email: 'later@example.com' }, bearer(token)));
    expect((await disable()).status).toBe(409);
    const bob = await personSession(own, { email: 'bob@example.com', role: 'operator' });
    // Both at the same moment: one stays.
    const both = await Promise.all([
      disable(),
      alone.fetch(`/v1/operators/${bob.id}`, {
        ...json({ disabled: true }, bearer(bob.token)),
        method: 'PATCH',
      }),
    ]);
    expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    const { rows: left } = await own.sql.query<{ n: number }>(
      `select count(*)::int as n from actp_users where disabled_at is null and password_hash is not null`,
    );
    expect(left[0]?.n).toBeGreaterThan(0);
  });
});

describe('[TRU-003] accounts of operators', () => {
  it('are for operators alone', async () => {
    const user = await personSession(stores, { email: 'another-user@example.com' });
    const id = user.id;
    const calls = [
      ['GET', '/v1/operators'],
      ['POST', '/v1/operators', { email: 'x@example.com' }],
      ['PATCH', `/v1/operators/${id}`, { disabled: false }],
      ['POST', `/v1/operators/${id}/telegram-code`, {}],
      ['DELETE', `/v1/operators/${id}/telegram`],
    ] as const;
    for (const [method, path, body] of calls) {
      expect((await send(method, path, body, user.token)).status).toBe(403);
      const asAgent = await gateway.fetch(path, { ...(body === undefined ? {} : json(body)), method });
      expect(asAgent.status).toBe(403);
      expect((await fetch(`${gateway.url}${path}`, { method })).status).toBe(401);
    }
  });

  it('can be renamed; what is not there is 404, what says nothing 400', async () => {
    const ann = await joined();
    expect((await send('PATCH', `/v1/operators/${ann.id}`, { name: 'Ann' })).body).toMatchObject({
      name: 'Ann',
      state: 'active',
    });
    const nobody = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
    expect((await send('PATCH', `/v1/operators/${nobody}`, { name: 'x' })).status).toBe(404);
    expect((await send('PATCH', `/v1/operators/${ann.id}`, {})).status).toBe(400);
    expect((await send('PATCH', '/v1/operators/x', { name: 'x' })).status).toBe(400);
    const user = await personSession(stores, { email: 'renamed-user@example.com' });
    expect((await send('PATCH', `/v1/operators/${user.id}`, { disabled: true })).status).toBe(404);
  });

  it('leave an audit row of every change, with who made it', async () => {
    const ann = await joined('Ann');
    await send('PATCH', `/v1/operators/${ann.id}`, { disabled: true });
    const { rows } = await stores.sql.query(
      `select action_type, agent_id, status from actp_agent_audit_log where result ->> 'operator' = $1 order by id`,
      [ann.email],
    );
    const by = `operator:${operator.email.toLowerCase()}`;
    expect(rows).toEqual([
      { action_type: 'operator.invite', agent_id: by, status: 'ok' },
      { action_type: 'operator.accept_invite', agent_id: `operator:${ann.email}`, status: 'ok' },
      { action_type: 'operator.change', agent_id: by, status: 'ok' },
    ]);
    const { rows: told } = await stores.sql.query(
      `select body from actp_notifications where kind = 'operator.joined' and body like $1`,
      [`%Ann (${ann.email})%`],
    );
    expect(told).toHaveLength(1);
  });
});

describe('[TRU-003] two approvers', () => {
  it('are two people: one who presses in Telegram and decides over HTTP is one', async () => {
    const [ann, bob] = [await joined('Ann'), await joined('Bob')];
    const telegramId = 4_711;
    const asked = await send('POST', `/v1/operators/${ann.id}/telegram-code`, {}, ann.token);
    expect(asked).toMatchObject({
      status: 201,
      body: { code: expect.stringMatching(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/), expires_in: 600 },
    });
    expect((await send('POST', `/v1/operators/${ann.id}/telegram-code`, {}, bob.token)).status).toBe(403);
    const typed = String(asked.body['code']).replaceAll('-', '');
    await stores.sql.query(`select link_telegram($1, sha256(convert_to($2, 'UTF8')), true, 1)`, [
      telegramId,
      typed,
    ]);
    expect(await listed()).toContainEqual(expect.objectContaining({ id: ann.id, telegram_id: telegramId }));

    const requested = await gateway.fetch(
      '/v1/approvals',
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
    );
    const { id, action_digest } = (await requested.json()) as { id: string; action_digest: string };
    await stores.sql.query('update actp_approval_queue set approvers = 2 where id = $1', [id]);
    await stores.sql.query(`select record_approval_card($1, '-1', 5, 1)`, [id]);
    const telegram = { update_id: 2, chat_id: '-1', message_id: 5 };
    await stores.sql.query(`select press_approval($1, 'approved', false, $2, $3, $4, '{}')`, [
      id,
      action_digest,
      `telegram:${telegramId}`,
      telegram,
    ]);
    const decide = (token: string) =>
      send('POST', `/v1/approvals/${id}/decision`, { decision: 'approved', action_digest }, token);
    expect((await decide(ann.token)).body).toMatchObject({ status: 'pending', approvals: 1 });
    expect((await decide(bob.token)).body).toMatchObject({
      status: 'approved',
      approvals: 2,
      decided_by: `operator:${bob.email}`,
      decided_by_name: 'Bob',
    });
    expect((await send('DELETE', `/v1/operators/${ann.id}/telegram`, undefined, bob.token)).status).toBe(403);
    expect((await send('DELETE', `/v1/operators/${ann.id}/telegram`, undefined, ann.token)).status).toBe(204);
    expect((await send('DELETE', `/v1/operators/${ann.id}/telegram`, undefined, ann.token)).status).toBe(404);
  });

  it('an operator gets ten codes in an hour', async () => {
    const ann = await joined();
    const statuses = [];
    for (let i = 0; i < 11; i += 1) {
      statuses.push((await send('POST', `/v1/operators/${ann.id}/telegram-code`, {}, ann.token)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 429]);
  });
});

it('the list comes a page at a time', async () => {
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await send('GET', `/v1/operators?limit=2${query}`);
    seen.push(...(body['operators'] as Array<{ id: string }>).map(({ id }) => id));
    cursor = body['next_cursor'] as string | null;
  }
  expect(seen).toEqual((await listed()).map(({ id }) => id));
  await eventually(async () => (await send('GET', '/v1/operators?limit=0')).status === 400);
});
