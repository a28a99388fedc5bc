import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, context, digest, payload, type Answer } from './approvals.fixture.ts';
import { killSwitchCalls } from './kill-switch.fixture.ts';

const stores = await openDatabase();
const calls = approvalCalls(stores.sql);
const switches = killSwitchCalls(stores.sql);

afterEach(async () => {
  for (const { scope } of await switches.active()) await switches.lift(scope);
});

const events = async (type: string) =>
  (
    await stores.sql.query<{ agent_id: string; status: string; result: Record<string, unknown> }>(
      'select agent_id, status, result from actp_agent_audit_log where action_type = $1 order by id',
      [type],
    )
  ).rows;

async function approved() {
  const approval = await calls.request();
  await calls.decide(approval.id, 'approved');
  return approval;
}

const ask = async (requestedBy = 'agent-1') => {
  const { rows } = await stores.sql.query<{ answer: Answer }>('select request_approval($1, $2) as answer', [
    {
      action: 'dm.bulk_send',
      details: {},
      requested_by: requestedBy,
      ttl_seconds: 60,
      grant_seconds: 60,
      action_digest: digest,
      payload_digest: payload,
    },
    context,
  ]);
  return rows[0]?.answer.result;
};

describe('the kill switch', () => {
  it.each([
    ['all', true],
    ['agent:agent-1', true],
    ['agent:agent-2', false],
    ['action:dm.bulk_send', true],
    ['action:dm.*', true],
    ['action:*', true],
    ['action:dm.bulk?send', undefined],
    ['action:dm_bulk_send', true],
    ['action:dm/*', true],
    ['action:dm:bulk::send', true],
    ['action:dm.bulks_nd', false],
    ['action:ads.*', false],
  ])('covers with %s what it names: %s', async (scope, covered) => {
    if (covered === undefined) {
      await expect(switches.set(scope)).rejects.toThrow('violates check constraint');
      return;
    }
    await switches.set(scope);
    expect((await switches.blocks('agent-1', 'dm.bulk_send')) !== null).toBe(covered);
    expect((await switches.blocks(' AGENT-1', '\uFF24M.Bulk_Send ')) !== null).toBe(covered);
  });

  it('counts who or what is not known as covered', async () => {
    await switches.set('agent:agent-2');
    expect(await switches.blocks(null, 'dm.bulk_send')).toMatchObject({ scope: 'agent:agent-2' });
    await switches.lift('agent:agent-2');
    await switches.set('action:ads.deploy');
    for (const action of [null, 'dm..x', 'dm.b\u043Elk', '']) {
      expect(await switches.blocks('agent-1', action)).toMatchObject({ scope: 'action:ads.deploy' });
    }
    expect(await switches.blocks('agent-1', 'dm.x')).toBeNull();
  });

  it('[POL-009] is set once however many set it, says so, and leaves who, when and a redacted reason', async () => {
    const word = ['pass', 'word'].join('');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => switches.set('all', `${word}=hunter2hunter2`, `telegram:${n}`)),
    );
    expect(answers.filter(({ result }) => result === 'set')).toHaveLength(1);
    expect(answers.filter(({ result }) => result === 'known')).toHaveLength(19);
    const first = answers.find(({ result }) => result === 'set')?.switch;
    for (const answer of answers) expect(answer.switch).toEqual(first);
    const set = await events('security.kill_switch_set');
    const byPresses = set.filter(({ agent_id }) => agent_id.startsWith('telegram:'));
    expect(byPresses).toHaveLength(20);
    expect(byPresses.filter(({ result }) => result['already_set'] !== true)).toEqual([
      { agent_id: first?.set_by, status: 'ok', result: { scope: 'all', reason: `${word}=[redacted]` } },
    ]);
    const lifted = await Promise.all(Array.from({ length: 10 }, () => switches.lift('all')));
    expect(lifted.filter(({ result }) => result === 'lifted')).toHaveLength(1);
    expect(await switches.lift('all')).toEqual({ result: 'not_found' });
    const { rows } = await stores.sql.query(
      `select kind, count(*)::int as n from actp_notifications where body like '%: all%' group by kind order by kind`,
    );
    expect(rows).toContainEqual({ kind: 'kill_switch.set', n: expect.any(Number) });
    expect((await events('security.kill_switch_lifted')).at(-2)).toMatchObject({ status: 'error' });
  });

  it('is set and lifted by people only', async () => {
    for (const actor of ['agent-1', 'plane', '', 'telegram:x']) {
      await expect(switches.set('all', 'x', actor)).rejects.toThrow('only a person');
      await expect(switches.lift('all', null, actor)).rejects.toThrow('only a person');
    }
  });

  it('lifts the switch that is meant and no later one', async () => {
    const first = await switches.set('all');
    await switches.lift('all');
    await switches.set('all');
    expect(await switches.lift('all', first.switch?.id)).toEqual({ result: 'not_found' });
    expect(await switches.active()).toHaveLength(1);
  });

  it('freezes what waits: it is neither decided nor redeemed, time goes on, and afterwards what is left goes on', async () => {
    const waiting = await calls.request();
    const granted = await approved();
    const late = await approved();
    const overdue = await calls.request();
    await switches.set('action:dm.*');
    expect(await ask()).toBe('kill_switch');
    expect((await calls.decide(waiting.id, 'approved')).result).toBe('kill_switch');
    expect((await calls.decide(waiting.id, 'rejected')).result).toBe('kill_switch');
    expect((await calls.redeem(granted.id)).result).toBe('kill_switch');
    await calls.elapse(late.id, 700);
    await calls.elapse(overdue.id, 3_700);
    expect((await calls.redeem(late.id)).result).toBe('lapsed');
    expect((await calls.decide(overdue.id, 'approved')).result).toBe('expired');
    expect(await calls.read(waiting.id)).toMatchObject({ status: 'pending', version: 1 });
    expect(await events('security.policy_violation')).toEqual([
      expect.objectContaining({ result: expect.objectContaining({ attempt: 'approval.request' }) }),
      expect.objectContaining({ result: expect.objectContaining({ attempt: 'approval.redeem' }) }),
    ]);
    await switches.lift('action:dm.*');
    expect((await calls.decide(waiting.id, 'approved')).result).toBe('decided');
    expect((await calls.redeem(granted.id)).result).toBe('redeemed');
    expect(await ask()).toBe('created');
  });

  it.each(['agent:boss', 'agent:agent-1'])(
    'stops whoever asks and the one on whose behalf is asked: %s',
    async (scope) => {
      const waiting = await calls.request({ requested_by: 'boss' });
      const granted = await calls.request({ requested_by: 'boss' });
      await calls.decide(granted.id, 'approved');
      await switches.set(scope);
      expect(await ask('boss')).toBe('kill_switch');
      expect((await calls.decide(waiting.id, 'approved')).result).toBe('kill_switch');
      expect((await calls.redeem(granted.id)).result).toBe('kill_switch');
      await switches.lift(scope);
      await switches.set('agent:other');
      expect(await ask('boss')).toBe('created');
      expect((await calls.decide(waiting.id, 'approved')).result).toBe('decided');
      expect((await calls.redeem(granted.id)).result).toBe('redeemed');
    },
  );

  it('answers the retry of a request that was taken before as it did then', async () => {
    const over = { idempotency_key: 'k1', request_digest: digest };
    const first = await calls.request(over);
    await switches.set('all');
    expect((await calls.request(over)).id).toBe(first.id);
  });

  it('[SEC-012] releases nothing once whoever set it has heard so, whatever is under way', async () => {
    const approvals = await Promise.all(Array.from({ length: 200 }, approved));
    const half = approvals.length / 2;
    const redeem = ({ id }: (typeof approvals)[number]) => calls.redeem(id);
    const early = approvals.slice(0, half).map(redeem);
    const setting = switches.set('all');
    const answers = await Promise.all([...early, ...approvals.slice(half).map(redeem)]);
    await setting;
    const { rows } = await stores.sql.query<{ late: number; released: number }>(
      `select count(*) filter (where a.redeemed_at > k.set_at)::int as late, count(*)::int as released
       from actp_approval_queue a, actp_kill_switches k
       where k.lifted_at is null and a.redeemed_at is not null and a.id = any ($1)`,
      [approvals.map(({ id }) => id)],
    );
    expect(rows[0]?.late).toBe(0);
    expect(rows[0]?.released).toBe(answers.filter(({ result }) => result === 'redeemed').length);
    expect(answers.filter(({ result }) => result === 'kill_switch').length).toBeGreaterThan(0);
    expect((await calls.redeem(approvals[0]?.id ?? '')).result).toMatch(/kill_switch|already_redeemed/);
  });

  it('is set while a release hangs', async () => {
    const hanging = await stores.sql.connect();
    const { id } = await approved();
    try {
      await hanging.query('begin');
      await hanging.query('select redeem_approval($1, $2, $3)', [id, payload, context]);
      expect((await switches.set('all')).result).toBe('set');
      expect(await switches.blocks('agent-1', 'x')).not.toBeNull();
    } finally {
      await hanging.query('rollback');
      hanging.release();
    }
    expect((await calls.redeem(id)).result).toBe('kill_switch');
  });
});
