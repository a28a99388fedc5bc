import { describe, expect, it } from 'vitest';
import {
  isFinal,
  nextState,
  stateOf,
  type ApprovalEvent,
  type ApprovalState,
} from '@actp/shared/approvals/state';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from './approvals.fixture.ts';

const stores = await openDatabase();
const calls = approvalCalls(stores.sql);

const bring: Record<ApprovalState, ApprovalEvent[]> = {
  pending: [],
  approved: ['approve'],
  rejected: ['reject'],
  expired: ['expire'],
  cancelled: ['cancel'],
  redeemed: ['approve', 'redeem'],
  lapsed: ['approve', 'lapse'],
  succeeded: ['approve', 'redeem', 'succeed'],
  failed: ['approve', 'redeem', 'fail'],
  unknown: ['approve', 'redeem', 'forget'],
};

const perform: Record<ApprovalEvent, (id: string) => Promise<unknown>> = {
  approve: (id) => calls.decide(id, 'approved'),
  reject: (id) => calls.decide(id, 'rejected'),
  cancel: (id) => calls.cancel(id),
  redeem: (id) => calls.redeem(id),
  succeed: (id) => calls.outcome(id, 'succeeded'),
  fail: (id) => calls.outcome(id, 'failed'),
  // The three that time brings about: the sweep runs, and it is late enough for them when they are legal.
  expire: (id) => late(id, 'pending'),
  lapse: (id) => late(id, 'approved'),
  forget: (id) => late(id, 'redeemed'),
};

async function late(id: string, from: ApprovalState): Promise<void> {
  if (stateOf(await calls.read(id)) === from) await calls.elapse(id, 200_000);
  await calls.expire();
}

const states = Object.keys(bring) as ApprovalState[];
const events = Object.keys(perform) as ApprovalEvent[];
const pairs = states.flatMap((state) => events.map((event) => [state, event] as const));
const illegal = pairs.filter(([state, event]) => nextState(state, event) === undefined);
const legal = pairs.filter(([state, event]) => nextState(state, event) !== undefined);

async function arrive(state: ApprovalState): Promise<string> {
  const { id } = await calls.request();
  for (const event of bring[state]) await perform[event](id);
  expect(stateOf(await calls.read(id))).toBe(state);
  return id;
}

describe('the life of an approval', () => {
  it.each(illegal)('%s does not take %s: nothing changes', async (state, event) => {
    const id = await arrive(state);
    const before = await calls.read(id);
    await perform[event](id);
    expect(await calls.read(id)).toEqual(before);
  });

  it.each(legal)('%s takes %s', async (state, event) => {
    const id = await arrive(state);
    const before = await calls.read(id);
    await perform[event](id);
    const after = await calls.read(id);
    expect(stateOf(after)).toBe(nextState(state, event));
    expect(after.version).toBe(before.version + 1);
  });

  it('ends in seven ways', () => {
    expect(states.filter(isFinal).sort()).toEqual(
      ['cancelled', 'expired', 'failed', 'lapsed', 'rejected', 'succeeded', 'unknown'].sort(),
    );
  });

  it('leaves an audit row for every step and every refusal', async () => {
    const id = await arrive('succeeded');
    await calls.decide(id, 'approved', 'telegram:7');
    const { rows } = await stores.sql.query(
      'select action_type, status, agent_id from actp_agent_audit_log where approval_id = $1 order by id',
      [id],
    );
    expect(rows).toEqual([
      { action_type: 'approval.request', status: 'ok', agent_id: 'agent-1' },
      { action_type: 'approval.decide', status: 'ok', agent_id: 'telegram:42' },
      { action_type: 'approval.redeem', status: 'ok', agent_id: 'agent-1' },
      { action_type: 'approval.outcome', status: 'ok', agent_id: 'agent-1' },
      { action_type: 'approval.decide', status: 'denied', agent_id: 'telegram:7' },
    ]);
  });
});
