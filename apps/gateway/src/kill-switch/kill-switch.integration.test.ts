import { afterEach, describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operator, operatorToken } from '../gateway.fixture.ts';
import { killSwitchCalls } from './kill-switch.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const asOperator = { authorization: `Bearer ${await operatorToken(gateway)}` };
const { set, lift, list, liftAll } = killSwitchCalls(gateway, asOperator);
const actor = `operator:${operator.email.toLowerCase()}`;

afterEach(liftAll);

describe('/v1/kill-switch', () => {
  it('is for operators alone', async () => {
    for (const method of ['POST', 'DELETE', 'GET']) {
      const body = method === 'GET' ? {} : { body: JSON.stringify({ scope: 'all', reason: 'x' }) };
      const headers = { 'content-type': 'application/json' };
      expect((await gateway.fetch('/v1/kill-switch', { method, headers, ...body })).status).toBe(403);
      const nobody = { ...headers, authorization: 'Bearer nobody' };
      expect((await gateway.fetch('/v1/kill-switch', { method, headers: nobody, ...body })).status).toBe(401);
    }
    expect(await list()).toEqual([]);
  });

  it('sets, says that it was set before, lists and lifts', async () => {
    const first = await set(' Action:EMAIL.* ', 'bad letters');
    expect(first).toEqual({
      status: 201,
      body: {
        scope: 'action:email.*',
        reason: 'bad letters',
        since: expect.stringMatching(/Z$/),
        set_by: actor,
        already_set: false,
      },
    });
    expect(await set('action:email.*', 'another reason')).toEqual({
      status: 200,
      body: { ...first.body, already_set: true },
    });
    await set('agent:ads');
    expect((await list()).map(({ scope }) => scope)).toEqual(['agent:ads', 'action:email.*']);
    expect(await lift('', { scope: 'action:email.*', reason: 'mended' })).toMatchObject({ status: 200 });
    expect((await lift('?scope=agent:ads')).status).toBe(200);
    expect(await lift('', { scope: 'agent:ads' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    const { rows } = await stores.sql.query(
      `select kind, body from actp_notifications where body like '%: action:email.*%' order by created_at`,
    );
    expect(rows).toEqual([
      { kind: 'kill_switch.set', body: expect.stringContaining(`By ${actor}`) },
      { kind: 'kill_switch.lifted', body: expect.stringContaining('mended') },
    ]);
  });

  it('[POL-009] leaves a security event of setting and of lifting, with no secret in it', async () => {
    const secret = ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_');
    await set('all', `leaked ${secret}`);
    await lift('', { scope: 'all', reason: `changed ${secret}` });
    const { rows } = await stores.sql.query<{ result: { reason: string } }>(
      `select action_type, agent_id, status, result, host(ip_address) as ip from actp_agent_audit_log
       where action_type like 'security.kill_switch%' order by id desc limit 2`,
    );
    expect(rows).toMatchObject([
      { action_type: 'security.kill_switch_lifted', agent_id: actor, status: 'ok', ip: '127.0.0.1' },
      { action_type: 'security.kill_switch_set', agent_id: actor, status: 'ok', result: { scope: 'all' } },
    ]);
    const stored = await stores.sql.query('select * from actp_kill_switches');
    const told = await stores.sql.query('select * from actp_notifications');
    expect(JSON.stringify([rows, stored.rows, told.rows])).not.toContain(secret);
  });

  it.each([
    [{ reason: 'x' }, 'scope'],
    [{ scope: 'everything', reason: 'x' }, 'scope'],
    [{ scope: 5, reason: 'x' }, 'scope'],
    [{ scope: ['all'], reason: 'x' }, 'scope'],
    [{ scope: 'agent:*', reason: 'x' }, 'scope'],
    [{ scope: 'action:\u0430ds', reason: 'x' }, 'scope'],
    [{ scope: `action:${'a'.repeat(300)}`, reason: 'x' }, 'scope'],
    [{ scope: 'all' }, 'reason'],
    [{ scope: 'all', reason: ' ' }, 'reason'],
    [{ scope: 'all', reason: 'x'.repeat(501) }, 'reason'],
    [{ scope: 'all', reason: 'a\u0000b' }, 'body'],
    [{ scope: 'all', reason: 'x', until: 1 }, 'until'],
  ])('refuses %j and names %s', async (body, field) => {
    const answer = await gateway.fetch('/v1/kill-switch', json(body, asOperator));
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: Array<{ field: string; message: string }> };
    expect(errors.map((error) => error.field)).toEqual([field]);
    expect(await list()).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['', undefined, 'scope'],
    ['?scope=nothing', undefined, 'query.scope'],
    ['?scope=all', { scope: 'agent:x' }, 'scope'],
    ['?force=1', { scope: 'all' }, 'query.force'],
  ])('lifts nothing for DELETE %s %j', async (path, body, field) => {
    await set('all');
    const answer = await lift(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toMatchObject([{ field }]);
    expect(await list()).toHaveLength(1);
  });
});
