import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, secret } from '../gateway.fixture.ts';
import { agentCalls, withKey } from './agent-keys.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const twin = await openGateway(stores);
const agents = agentCalls(gateway, await operatorToken(gateway));
const { call, create, keyOf, list, remove, rotate } = agents;

const read = (key: unknown, at = gateway, more: Record<string, string> = {}) =>
  call('/v1/approvals?limit=1', { headers: withKey(key, more) }, at);
const guard = (key: unknown, action = 'report.read', at = gateway) =>
  call('/v1/guard', json({ action, details: {} }, withKey(key)), at);

describe('[TRU-005] an agent with a key of its own', () => {
  it('is made by an operator, who sees the key once', async () => {
    const made = await create({
      id: 'first',
      note: 'buys',
      actions: ['report.*'],
      expires_at: '2099-01-01T00:00:00Z',
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: 'first',
        key: expect.stringMatching(/^actp_key_[0-9a-f]{64}$/),
        note: 'buys',
        actions: ['report.*'],
        expires_at: '2099-01-01T00:00:00.000Z',
        last_used_at: null,
        created_by: 'operator:op@example.com',
      },
    });
    const key = String(made.body['key']);
    expect((await guard(key)).status).toBe(200);
    expect((await guard(key, 'report.read', twin)).status).toBe(200);

    const listed = await list();
    expect(listed.body).toMatchObject({ agents: [{ id: 'first' }], next_cursor: null });
    expect(JSON.stringify(listed.body)).not.toContain('actp_key_');
    // Neither the key nor anything that it could be guessed from is anywhere in the database.
    const { rows } = await stores.sql.query<{ all: string }>(
      `select (select jsonb_agg(to_jsonb(a)) from actp_agents a)::text
         || (select jsonb_agg(to_jsonb(l)) from actp_agent_audit_log l)::text as all`,
    );
    expect(rows[0]?.all).not.toContain(key.slice(9, 30));
    await eventually(async () => {
      const { body } = await list();
      return (body['agents'] as Array<{ last_used_at: string | null }>)[0]?.last_used_at !== null;
    });
  });

  it('is that agent, by either header, whatever it says', async () => {
    const key = await keyOf('second');
    expect((await read(key, gateway, { 'x-agent-id': 'second' })).status).toBe(200);
    expect(
      (await call('/v1/approvals', { headers: { authorization: 'none', 'x-worker-secret': key } })).status,
    ).toBe(200);
    for (const name of ['worker', 'first', 'Second', 'second2', 'someone']) {
      expect(await read(key, gateway, { 'x-agent-id': name }), name).toMatchObject({
        status: 403,
        body: { code: 'forbidden', errors: [{ field: 'X-Agent-Id' }] },
      });
    }
    // A key that is not good is not made good by another credential beside it.
    const wrong = key.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect((await read(wrong, gateway, { 'x-worker-secret': secret })).status).toBe(401);
    // And one that is good is that agent, although the worker secret is shown as well.
    const { body } = await call(
      '/v1/approvals',
      json({ action: 'a.b', details: {} }, withKey(key, { 'x-worker-secret': secret })),
    );
    expect(body).toMatchObject({ agent_id: 'second', requested_by: 'second' });
  });

  it('is nobody else with the worker secret, in any case, also once it is deleted', async () => {
    const id = 'Keyed Agent';
    await keyOf(id);
    const asIt = (path: string, name: string) =>
      call(path, json({ action: 'a.b', details: {} }, { 'x-agent-id': name }));
    for (const name of [id, 'keyed agent', 'KEYED AGENT']) {
      for (const path of ['/v1/approvals', '/v1/guard', '/v1/jobs/selftest']) {
        expect(await asIt(path, name), `${path} as ${name}`).toMatchObject({
          status: 403,
          body: { code: 'agent_key_required' },
        });
      }
    }
    expect((await remove(id)).status).toBe(200);
    expect((await asIt('/v1/approvals', id)).status).toBe(403);
    expect((await asIt('/v1/approvals', 'keyed agents')).status).toBe(201);
  });

  it('may be called worker; then the worker secret is nobody, and starts jobs as before', async () => {
    await keyOf('worker');
    const asWorker = (path: string) => call(path, json({ action: 'a.b', details: {} }));
    for (const path of ['/v1/approvals', '/v1/guard']) {
      expect(await asWorker(path), path).toMatchObject({ status: 403, body: { code: 'agent_key_required' } });
    }
    expect((await call('/v1/approvals')).status).toBe(403);
    expect((await call('/v1/jobs/selftest', json({}))).status).toBe(202);
    await stores.sql.query(`delete from actp_agents where id = 'worker'`);
    await stores.sql.query('update actp_access.agent_list set version = gen_random_uuid()');
    await eventually(async () => (await asWorker('/v1/guard')).status === 200);
  });

  it('is refused by every gateway once it is deleted, and stays so', async () => {
    const key = await keyOf('third');
    expect((await read(key)).status).toBe(200);
    expect((await read(key, twin)).status).toBe(200);
    expect((await remove('third')).status).toBe(200);
    expect((await read(key)).status).toBe(401);
    await eventually(async () => (await read(key, twin)).status === 401);
    expect((await remove('third')).status).toBe(404);
    expect((await rotate('third')).status).toBe(404);
    // The name may be given again: with another key.
    const again = await keyOf('third');
    expect((await read(again)).status).toBe(200);
    expect((await read(key)).status).toBe(401);
  });

  it('ends a wait and a stream that are under way', async () => {
    const key = await keyOf('waiting');
    const { body: asked } = await call('/v1/approvals', json({ action: 'a.b', details: {} }, withKey(key)));
    const headers = withKey(key, { prefer: 'wait=50' });
    const waiting = call(`/v1/approvals/${String(asked['id'])}`, { headers });
    const stream = await gateway.fetch(`/v1/approvals/${String(asked['id'])}/events`, {
      headers: withKey(key),
    });
    const reader = stream.body?.getReader();
    await reader?.read();
    await remove('waiting');
    const { rows } = await stores.sql.query<{ digest: string }>(
      'select action_digest as digest from actp_approval_queue where id = $1',
      [asked['id']],
    );
    const decision = { decision: 'approved', action_digest: rows[0]?.digest };
    expect(
      (await call(`/v1/approvals/${String(asked['id'])}/decision`, json(decision, agents.asOperator))).status,
    ).toBe(200);
    expect((await waiting).status).toBe(401);
    let rest = '';
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      rest += new TextDecoder().decode(read.value);
    }
    expect(rest).not.toContain('approved');
  });

  it('gets no other key after its end, and no name that no path can hold', async () => {
    await keyOf('ended');
    await stores.sql.query(
      `update actp_agents set expires_at = now() - interval '1 second' where id = 'ended'`,
    );
    expect(await rotate('ended')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('end date') },
    });
    for (const id of ['.', '..']) {
      expect(await create({ id })).toMatchObject({ status: 400, body: { errors: [{ field: 'id' }] } });
    }
  });

  it('gets another key; the one before ends at once, or after the time that was given', async () => {
    const first = await keyOf('fourth');
    const { body } = await rotate('fourth');
    expect(body).toMatchObject({ id: 'fourth', key: expect.stringMatching(/^actp_key_/) });
    expect((await read(first)).status).toBe(401);
    expect((await read(body['key'])).status).toBe(200);
    await eventually(async () => (await read(first, twin)).status === 401);

    const second = body['key'];
    const third = (await rotate('fourth', { grace_seconds: 3_600 })).body['key'];
    expect((await read(second)).status).toBe(200);
    expect((await read(third)).status).toBe(200);
    await stores.sql.query(`update actp_agents set previous_until = now() where id = 'fourth'`);
    await stores.sql.query('update actp_access.agent_list set version = gen_random_uuid()');
    await eventually(async () => (await read(second)).status === 401);
    expect((await read(third)).status).toBe(200);
  });

  it('ends at its date', async () => {
    const key = await keyOf('fifth', { expires_at: '2099-01-01T00:00:00Z' });
    expect((await read(key)).status).toBe(200);
    await stores.sql.query(`update actp_agents set expires_at = now() where id = 'fifth'`);
    await stores.sql.query('update actp_access.agent_list set version = gen_random_uuid()');
    await eventually(async () => (await read(key)).status === 401);
  });

  it('asks for its actions only, however they are written', async () => {
    const key = await keyOf('sixth', { actions: ['ads.*', 'report.read'] });
    const { body: asked } = await call(
      '/v1/approvals',
      json({ action: 'ads.deploy', details: {} }, withKey(key)),
    );
    for (const action of ['ads.deploy', 'ADS.Deploy', ' ads.pause ', 'ａｄｓ.deploy', 'report.read']) {
      expect((await guard(key, action)).status, action).toBe(200);
    }
    for (const action of [
      'email.send',
      'ads',
      'adsx.deploy',
      'report.reader',
      'report',
      'x.ads.deploy',
      'stripe.charge',
    ]) {
      const refused = { status: 403, body: { code: 'action_not_allowed', errors: [{ field: 'action' }] } };
      expect(await guard(key, action), action).toMatchObject(refused);
      const body = json({ action, details: {} }, withKey(key));
      expect(await call('/v1/approvals', body), action).toMatchObject(refused);
      expect(await call(`/v1/approvals/${String(asked['id'])}/redeem`, body), action).toMatchObject(refused);
    }
  });

  it('does what agents may, and no more', async () => {
    const key = await keyOf('seventh');
    for (const [method, path] of [
      ['GET', '/v1/agents'],
      ['POST', '/v1/agents'],
      ['DELETE', '/v1/agents/seventh'],
      ['POST', '/v1/agents/seventh/rotate'],
      ['GET', '/v1/kill-switch'],
      ['GET', '/v1/audit'],
      ['GET', '/v1/audit/export'],
      ['GET', '/v1/audit/verify'],
    ] as const) {
      const body = method === 'POST' ? json({}, withKey(key)) : { method, headers: withKey(key) };
      expect((await call(path, body)).status, `${method} ${path}`).toBe(403);
      const asWorker = method === 'POST' ? json({}) : { method };
      expect((await call(path, asWorker)).status, `${method} ${path} with the worker secret`).toBe(403);
    }
    expect((await call('/v1/schedules', { headers: withKey(key) })).status).toBe(200);
  });

  it('is stopped by its name, and by the name on behalf of which it asks', async () => {
    const key = await keyOf('Eighth');
    const stop = (scope: string) =>
      call('/v1/kill-switch', json({ scope, reason: 'test' }, agents.asOperator));
    const go = (scope: string) =>
      call('/v1/kill-switch', {
        method: 'DELETE',
        body: JSON.stringify({ scope }),
        headers: { 'content-type': 'application/json', ...agents.asOperator },
      });
    const asks = { action: 'a.b', details: {}, requested_by: 'campaign 7' };
    const ask = () => call('/v1/approvals', json(asks, withKey(key)));
    const { body: asked } = await ask();
    for (const scope of ['agent:eighth', 'agent:Campaign 7']) {
      expect((await stop(scope)).status).toBe(201);
      expect(await ask(), scope).toMatchObject({ status: 409, body: { code: 'kill_switch' } });
      const decision = { decision: 'approved', action_digest: asked['action_digest'] };
      expect(
        (await call(`/v1/approvals/${String(asked['id'])}/decision`, json(decision, agents.asOperator))).body,
      ).toMatchObject({ code: 'kill_switch' });
      expect((await go(scope)).status).toBe(200);
    }
    expect((await ask()).status).toBe(201);
  });
});
