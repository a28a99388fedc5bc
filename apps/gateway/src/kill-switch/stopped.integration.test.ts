import { afterEach, describe, expect, it } from 'vitest';
import { findKillSwitch, readScope } from '@actp/policy/kill-switch';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openTcpGate } from '@actp/testing/tcp-gate';
import { approvalCalls } from '../approvals/approvals.fixture.ts';
import { json, openGateway } from '../gateway.fixture.ts';
import { killSwitchCalls } from './kill-switch.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const other = await openGateway(stores);
const { asOperator, create, post, decide } = await approvalCalls(gateway);
const { set, lift, liftAll, guard } = killSwitchCalls(gateway, asOperator);

afterEach(liftAll);

describe('what is stopped', () => {
  it('[SEC-012] is denied by every gateway within a second, also where it was just allowed', async () => {
    const request = { action: 'report.read', details: {} };
    for (const at of [gateway, other]) expect((await guard(request, at)).effect).toBe('allow');
    await set('action:report.*', 'stop it');
    const setAt = performance.now();
    const asked: Array<{ after: number; effect: string; rule: string }> = [];
    while (performance.now() - setAt < 1_200) {
      const begun = performance.now() - setAt;
      const answers = await Promise.all([guard(request, gateway), guard(request, other)]);
      asked.push(...answers.map(({ effect, rule }) => ({ after: begun, effect, rule })));
    }
    // Ask whether an allow was begun later than that, rather than how fast this machine is.
    expect(asked.filter(({ after, effect }) => after > 1_000 && effect !== 'deny')).toEqual([]);
    expect(asked.at(-1)).toMatchObject({ effect: 'deny', rule: 'kill_switch' });
    expect((await guard({ action: 'ads.read', details: {} }, other)).effect).toBe('allow');
  });

  it('is denied and let through at once where it was set and lifted', async () => {
    for (let round = 0; round < 3; round += 1) {
      await set('all');
      expect((await guard({ action: 'report.read', details: {} })).rule).toBe('kill_switch');
      await lift('', { scope: 'all' });
      expect((await guard({ action: 'report.read', details: {} })).effect).toBe('allow');
    }
  });

  it('says who stopped what, why, and what else stood against it', async () => {
    await set('agent:buyer', 'it buys too much');
    const expensive = { action: 'report.read', details: {}, cost_usd: 5_000 };
    const answer = await eventually(async () => {
      const now = await guard(expensive, gateway, { 'x-agent-id': 'Buyer' });
      return now.reasons[0]?.detail.includes('buyer') === true && now;
    });
    expect(answer).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'kill_switch' }, { code: 'spend_limit' }],
    });
    expect(answer.reasons[0]?.detail).toMatch(/^an operator stopped agent:buyer at .*Z: it buys too much$/);
    expect((await guard({ action: 'report.read', details: {} })).effect).toBe('allow');
  });

  it('[POL-009] leaves a policy violation of what is denied, and makes no approval', async () => {
    await set('action:dm.*');
    const request = { action: 'dm.bulk_send', details: { recipients: 25 }, request_approval: true };
    const headers = { 'idempotency-key': 'stopped' };
    await eventually(async () => (await guard(request, gateway, headers)).rule === 'kill_switch');
    expect(await guard(request, gateway, headers)).not.toHaveProperty('approval');
    expect(await create()).toMatchObject({ status: 409, body: { code: 'kill_switch' } });
    const { rows } = await stores.sql.query(
      `select 1 from actp_agent_audit_log
       where action_type = 'security.policy_violation' and result ->> 'attempt' = 'approval.request'`,
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it('freezes approvals over HTTP with 409 kill_switch, and lets them go on afterwards', async () => {
    const [{ body: waiting }, { body: granted }] = await Promise.all([create(), create()]);
    await decide(granted);
    await set('all');
    expect(await decide(waiting)).toMatchObject({ status: 409, body: { code: 'kill_switch' } });
    expect(await decide(waiting, 'rejected')).toMatchObject({ status: 409, body: { code: 'kill_switch' } });
    const { action, details } = granted;
    expect(await post(granted.id, 'redeem', { action, details })).toMatchObject({
      status: 409,
      body: { code: 'kill_switch', detail: expect.stringContaining('stopped') },
    });
    await lift('', { scope: 'all' });
    expect((await decide(waiting)).status).toBe(200);
    expect((await post(granted.id, 'redeem', { action, details })).status).toBe(200);
  });

  it('stays stopped in a process that starts later', async () => {
    await set('all');
    const late = await openGateway(stores);
    expect(await guard({ action: 'report.read', details: {} }, late)).toMatchObject({ rule: 'kill_switch' });
    await late.stop();
  });

  it('is nothing that an outage of the database could open: then all is 503', async () => {
    const gate = await openTcpGate(Number(new URL(stores.env.SUPABASE_URL).port));
    const cut = await openGateway({
      ...stores,
      env: { ...stores.env, SUPABASE_URL: `http://127.0.0.1:${gate.port}` },
    });
    await eventually(
      async () => (await guard({ action: 'report.read', details: {} }, cut)).effect === 'allow',
    );
    await set('all');
    await gate.shut();
    const statuses = new Set<number>();
    const begun = performance.now();
    await eventually(async () => {
      const answer = await cut.fetch('/v1/guard', json({ action: 'report.read', details: {} }));
      statuses.add(answer.status);
      return answer.status === 503 && performance.now() - begun > 300;
    });
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect((await cut.fetch('/v1/kill-switch', json({ scope: 'all', reason: 'x' }, asOperator))).status).toBe(
      503,
    );
  });

  it('is the same for the gateway and for the database, whatever names come', async () => {
    const names = [
      ...[
        'a',
        'ab',
        'a.b',
        'A.B ',
        ' a_b',
        'axb',
        'a%b',
        'a\\b',
        '\uFF21.b',
        '\u0430.b',
        '\u00A0a.b\uFEFF',
        '\u017Fb',
      ],
      ...[
        'a..b',
        'a.',
        'a/b:c-d',
        'a.b.c',
        'aab',
        'abab',
        '\u212A',
        'k',
        '\u0130',
        'i',
        '',
        '\u2028a',
        '\u00C4',
        '\u00E4',
      ],
    ];
    const globs = ['*', 'a*', '*b', 'a*b', 'a.*', '*.*', 'a*a*b', '*a*', 'a_*', '**'];
    const readable = [...names, ...globs].flatMap((what) =>
      ['all', `agent:${what}`, `action:${what}`].flatMap((text) => {
        const read = readScope(text);
        if (!read.ok) return [];
        return names.flatMap((agent) => [
          { scope: read.scope, agent, action: 'a.b' },
          { scope: read.scope, agent: 'nobody', action: agent },
        ]);
      }),
    );
    expect(readable.length).toBeGreaterThan(2_000);
    const { rows } = await stores.sql.query<{ covered: boolean }>(
      `select kill_switch_covers(c ->> 'scope', c ->> 'agent', c ->> 'action') as covered
       from jsonb_array_elements($1) with ordinality as t (c, n) order by n`,
      [JSON.stringify(readable)],
    );
    const here = readable.map((one) => ({ ...one, covered: findKillSwitch([one], one) !== undefined }));
    expect(readable.map((one, n) => ({ ...one, covered: rows[n]?.covered }))).toEqual(here);
    expect(new Set(here.map(({ covered }) => covered)).size).toBe(2);
  });
});
