import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import {
  ApprovalCancelled,
  ApprovalExpired,
  ApprovalRejected,
  OutcomeUnknown,
  WorkFinished,
} from './errors.ts';
import { openStandIn, secret, type StandIn } from './stand-in-gateway.fixture.ts';

const action = 'dm.bulk_send';
const details = { recipients: 25, text: 'Hello' };

const onlyId = (standIn: StandIn) => {
  const [approval, ...more] = standIn.approvals.all();
  if (approval === undefined || more.length > 0) throw new Error('there is not exactly one approval');
  return approval.id;
};
/** The long poll of a client is open. */
const waits = (standIn: StandIn) => eventually(() => standIn.waiting() > 0);

describe('asking and checking', () => {
  it('gives the id of the approval, and says who asks for what, where and why', async () => {
    const standIn = await openStandIn();
    const client = standIn.client({ agentId: 'outreach-1' });
    const id = await client.requestApproval(action, details, '-100123', {
      reason: 'campaign 7',
      ttlSeconds: 600,
    });
    expect(id).toBe(onlyId(standIn));
    expect(standIn.seen('ask')).toMatchObject([
      {
        headers: { authorization: `Bearer ${secret}`, 'x-agent-id': 'outreach-1' },
        body: { action, details, chat_id: '-100123', reason: 'campaign 7', ttl_seconds: 600 },
      },
    ]);
  });

  it('finds the same approval when the same work is asked for again, by another process too', async () => {
    const standIn = await openStandIn();
    const first = await standIn.client().requestApproval(action, { recipients: 25, text: 'Hello' });
    const again = await standIn.client().requestApproval(action, { text: 'Hello', recipients: 25 });
    expect(again).toBe(first);
    expect(standIn.approvals.all()).toHaveLength(1);
  });

  it.each<[string, (standIn: StandIn) => Promise<string>]>([
    ['other details', (s) => s.client().requestApproval(action, { ...details, recipients: 26 })],
    ['another action', (s) => s.client().requestApproval('dm.send', details)],
    ['another agent', (s) => s.client({ agentId: 'other' }).requestApproval(action, details)],
    ['another workId', (s) => s.client().requestApproval(action, details, undefined, { workId: '2' })],
  ])('asks anew for %s', async (_what, ask) => {
    const standIn = await openStandIn();
    expect(await ask(standIn)).not.toBe(await standIn.client().requestApproval(action, details));
  });

  it('says what to do when the same work is asked for with another reason', async () => {
    const standIn = await openStandIn();
    await standIn.client().requestApproval(action, details, undefined, { reason: 'one' });
    await expect(
      standIn.client().requestApproval(action, details, undefined, { reason: 'two' }),
    ).rejects.toMatchObject({
      code: 'idempotency_mismatch',
      message: expect.stringContaining('another workId'),
      problem: { status: 422 },
    });
  });

  it('does not give an id for work whose permission was used: it would look like a yes', async () => {
    const standIn = await openStandIn();
    const client = standIn.client();
    const id = await client.requestApproval(action, details);
    standIn.approvals.decide(id, 'approved');
    await client.redeem(id, action, details);
    await expect(client.requestApproval(action, details)).rejects.toThrow(OutcomeUnknown);
    await client.reportOutcome(id, 'succeeded');
    await expect(client.requestApproval(action, details)).rejects.toThrow(WorkFinished);
  });

  it.each([
    ['pending', {}, 'pending'],
    ['approved', { status: 'approved' }, 'approved'],
    ['rejected', { status: 'rejected' }, 'rejected'],
    ['expired', { status: 'expired' }, 'expired'],
    ['taken back', { status: 'cancelled' }, 'rejected'],
    [
      'approved and not used in time',
      { status: 'approved', lapsed_at: '2030-01-01T00:00:00.000Z' },
      'expired',
    ],
  ] as const)('answers for an approval that is %s', async (_what, changes, word) => {
    const standIn = await openStandIn();
    const client = standIn.client();
    const id = await client.requestApproval(action, details);
    standIn.approvals.change(id, changes);
    expect(await client.checkApproval(id)).toBe(word);
  });

  it.each(['', '../../v1/jobs/selftest', 'x'.repeat(36), '%2e%2e'])(
    'sends nothing for the id %j',
    async (id) => {
      const standIn = await openStandIn();
      await expect(standIn.client().checkApproval(id)).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(standIn.seen()).toEqual([]);
    },
  );

  it('refuses details that are not JSON before anything is sent', async () => {
    const standIn = await openStandIn();
    const client = standIn.client();
    const ask = client.requestApproval(action, { at: new Date() });
    await expect(ask).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(client.requestApproval(action, [1])).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(standIn.seen()).toEqual([]);
  });
});

describe('waiting for a decision', () => {
  it('gives the approval when a person says yes, over several long polls', async () => {
    const standIn = await openStandIn();
    const decision = standIn.client({ waitSeconds: 1 }).requireApproval(action, details);
    await eventually(() => standIn.seen('read').length >= 2);
    standIn.approvals.decide(onlyId(standIn), 'approved');
    expect(await decision).toMatchObject({ id: onlyId(standIn), status: 'approved' });
    expect(standIn.seen('ask')).toHaveLength(1);
    expect(standIn.seen('read')[0]?.headers['prefer']).toBe('wait=1');
  });

  it.each([
    ['rejected', ApprovalRejected, 'approval_rejected'],
    ['expired', ApprovalExpired, 'approval_expired'],
    ['cancelled', ApprovalCancelled, 'approval_cancelled'],
  ] as const)('throws when it is %s, with the approval', async (status, kind, code) => {
    const standIn = await openStandIn();
    const decision = standIn.client().requireApproval(action, details);
    const failure = decision.catch((error: unknown) => error);
    await waits(standIn);
    standIn.approvals.decide(onlyId(standIn), status);
    expect(await failure).toBeInstanceOf(kind);
    expect(await failure).toMatchObject({ code, approval: { status } });
  });

  it('tells once that a person has yet to decide, and not when one has', async () => {
    const standIn = await openStandIn();
    const pending: string[] = [];
    const ask = () =>
      standIn
        .client({ waitSeconds: 1 })
        .requireApproval(action, details, { onPending: ({ id }) => pending.push(id) });
    const decision = ask();
    await eventually(() => standIn.seen('read').length >= 2);
    standIn.approvals.decide(onlyId(standIn), 'approved');
    await decision;
    await ask();
    expect(pending).toEqual([onlyId(standIn)]);
  });

  it.each([
    ['lapsed', { lapsed_at: '2030-01-01T00:00:00.000Z' }, 'approval_lapsed'],
    ['was redeemed', { redeemed_at: '2030-01-01T00:00:00.000Z' }, 'outcome_unknown'],
    ['ended unknown', { redeemed_at: '2030-01-01T00:00:00.000Z', outcome: 'unknown' }, 'outcome_unknown'],
    ['succeeded', { redeemed_at: '2030-01-01T00:00:00.000Z', outcome: 'succeeded' }, 'work_finished'],
    ['failed', { redeemed_at: '2030-01-01T00:00:00.000Z', outcome: 'failed' }, 'work_finished'],
  ] as const)('does not give an approval that %s', async (_what, changes, code) => {
    const standIn = await openStandIn();
    const id = await standIn.client().requestApproval(action, details);
    standIn.approvals.change(id, { status: 'approved', ...changes });
    await expect(standIn.client().requireApproval(action, details)).rejects.toMatchObject({ code });
  });

  it('ends with the reason of the signal and leaves the question open', async () => {
    const standIn = await openStandIn();
    const stopping = new AbortController();
    const decision = standIn.client().requireApproval(action, details, { signal: stopping.signal });
    const failure = decision.catch((error: unknown) => error);
    await waits(standIn);
    const reason = new Error('shutting down');
    stopping.abort(reason);
    expect(await failure).toBe(reason);
    expect(standIn.approvals.all()).toMatchObject([{ status: 'pending' }]);
  });

  it('takes the question back when asked to', async () => {
    const standIn = await openStandIn();
    const stopping = new AbortController();
    const options = { signal: stopping.signal, cancelOnAbort: true };
    const failure = standIn
      .client()
      .requireApproval(action, details, options)
      .catch((error: unknown) => error);
    await waits(standIn);
    stopping.abort(new Error('Ctrl-C'));
    expect(await failure).toMatchObject({ message: 'Ctrl-C' });
    expect(standIn.approvals.all()).toMatchObject([{ status: 'cancelled' }]);
  });

  it('asks nobody when the signal was aborted before', async () => {
    const standIn = await openStandIn();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(standIn.client().requireApproval(action, details, { signal })).rejects.toThrow('too late');
    await expect(
      standIn.client().requireApproval(action, details, { signal, cancelOnAbort: true }),
    ).rejects.toThrow('too late');
    expect(standIn.seen()).toEqual([]);
  });
});
