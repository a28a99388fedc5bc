import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowsLeftBy } from '../audit/rows.fixture.ts';
import { context, digest, payload } from './approvals.fixture.ts';
import { auditedCalls } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, asked, approved, card, press, telegram, stop, lift } = auditedCalls(sql);
const boss = { requested_by: 'boss' };

describe('[TRU-004] what an agent does on behalf of somebody', () => {
  it.each<[what: string, arrange: () => Promise<string>, call: (id: string) => Promise<unknown>]>([
    ['a withdrawal', () => asked(boss), (id) => calls.cancel(id)],
    ['a use', () => approved(boss), (id) => calls.redeem(id)],
    [
      'a use that is refused',
      () => approved(boss),
      (id) => answer('redeem_approval($1, $2, $3)', id, digest, context),
    ],
    [
      'a report',
      async () => {
        const id = await approved(boss);
        await calls.redeem(id);
        return id;
      },
      (id) => calls.outcome(id, 'succeeded'),
    ],
  ])('is on record as done by the agent: %s', async (_what, arrange, call) => {
    const id = await arrange();
    const rows = await rowsLeftBy(sql, () => call(id));
    expect(rows.map(({ agent_id, approval_id }) => [agent_id, approval_id])).toEqual([['agent-1', id]]);
  });

  it('is what it asked for itself, and not of whom it speaks', async () => {
    const id = await asked(boss);
    const idsOf = (agent: string) =>
      answer('list_approvals(null, null, null, 100, $1)', agent) as unknown as Promise<Array<{ id: string }>>;
    expect((await idsOf('agent-1')).map((one) => one.id)).toContain(id);
    expect(await idsOf('boss')).toEqual([]);
    const asBoss = { ...context, agent_id: 'boss' };
    expect([
      (await answer('cancel_approval($1, $2)', id, asBoss)).result,
      (await answer('redeem_approval($1, $2, $3)', id, payload, asBoss)).result,
      (await answer('record_outcome($1, $2, null, $3)', id, 'failed', asBoss)).result,
    ]).toEqual(['other_agent', 'other_agent', 'other_agent']);
  });
});

it('nothing that is for the plane to say is taken from a request', async () => {
  const id = await asked({
    ...{ source: 'plane', asked_by: 'somebody', status: 'approved', decided_by: 'telegram:1', version: 9 },
    ...{ decided_at: new Date().toISOString(), redeemed_at: new Date().toISOString(), outcome: 'succeeded' },
  });
  const { rows } = await sql.query(
    `select source, asked_by, status, decided_by, decided_at, redeemed_at, outcome, version
     from actp_approval_queue where id = $1`,
    [id],
  );
  expect(rows).toEqual([
    {
      ...{ source: 'http', asked_by: 'agent-1', status: 'pending', version: 1 },
      ...{ decided_by: null, decided_at: null, redeemed_at: null, outcome: null },
    },
  ]);
});

describe('[SEC-012] a permission that the plane uses', () => {
  afterEach(lift);

  it.each([
    ['agent:runner', 'kill_switch'],
    ['agent:agent-1', 'kill_switch'],
    ['agent:somebody', 'redeemed'],
  ])('is stopped with who uses it as well as with who asked: %s', async (scope, result) => {
    const id = await approved();
    await stop(scope);
    const plane = { ...context, agent_id: 'runner', source: 'plane' };
    expect((await answer('redeem_approval($1, $2, $3)', id, payload, plane)).result).toBe(result);
  });
});

it('Back takes the first press of anybody', async () => {
  const id = await asked({ critical: true });
  await card(id);
  await press(id, false);
  await answer(`take_back_press($1, 'telegram:2', $2, '{}')`, id, telegram().update_id);
  expect((await press(id, true)).result).toBe('confirm_expired');
  expect((await calls.read(id)).status).toBe('pending');
});
