import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { byItself, called, rowsLeftBy } from '../audit/rows.fixture.ts';
import { context, digest, payload, sha, type Answer } from './approvals.fixture.ts';
import { auditedCalls, denied, facts, violation, type Row } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, redeem, outcome, stop, lift, asked, approved, redeemed, expectRows } =
  auditedCalls(sql);

describe('what becomes of a request leaves its row', () => {
  it('asked, cancelled, expired, lapsed, and not heard of any more', async () => {
    const [cancelled, late, lapsing, silent] = [
      await asked(),
      await asked(),
      await approved(),
      await redeemed(),
    ];
    await expectRows(cancelled, () => calls.cancel(cancelled), [
      ['approval.cancel', 'ok', 'agent-1', facts('cancelled')],
    ]);
    await calls.elapse(late, 3_601);
    await expectRows(late, () => calls.expire(), [
      ['approval.expire', 'denied', 'plane', facts('expired'), byItself],
    ]);
    await calls.elapse(lapsing, 600);
    await expectRows(lapsing, () => calls.expire(), [
      ['approval.lapse', 'denied', 'plane', facts('approved'), byItself],
    ]);
    await calls.elapse(silent, 60);
    await expectRows(silent, () => calls.expire(60), [
      ['approval.outcome', 'error', 'plane', facts('approved', { outcome: 'unknown' }), byItself],
    ]);
  });

  it('one that is redeemed', async () => {
    const id = await approved();
    let grant: string | undefined;
    const rows = await rowsLeftBy(sql, async () => {
      grant = (await redeem(id)).grant_id;
    });
    expect(rows).toEqual([
      {
        action_type: 'approval.redeem',
        status: 'ok',
        agent_id: 'agent-1',
        result: facts('approved', { grant_id: grant }),
        approval_id: id,
        ...called,
      },
    ]);
  });

  it.each<
    [
      refused: string,
      policy: unknown,
      arrange: (id: string) => Promise<unknown>,
      more: object,
      ...violations: Row[],
    ]
  >([
    ['already_redeemed', null, (id) => calls.redeem(id), {}],
    ['lapsed', null, (id) => calls.elapse(id, 600), {}],
    [
      'kill_switch',
      null,
      () => stop('agent:agent-1'),
      {},
      violation('kill_switch', 'approval.redeem', { scope: 'agent:agent-1' }),
    ],
    [
      'policy_denied',
      denied,
      () => Promise.resolve(),
      { policy: { version: 'v2', ...denied.denied } },
      violation('gate:dm.bulk_send', 'approval.redeem'),
    ],
    [
      'policy_stricter',
      { approvers: 2 },
      () => Promise.resolve(),
      { policy: { approvers: 2 } },
      violation('policy_stricter', 'approval.redeem'),
    ],
    [
      'policy_stricter',
      { critical: true },
      () => Promise.resolve(),
      { policy: { critical: true } },
      violation('policy_stricter', 'approval.redeem'),
    ],
    [
      'spend_limit',
      { max_cost_usd: 9.99 },
      (id) => sql.query('update actp_approval_queue set cost_usd = 10 where id = $1', [id]),
      {},
      violation('spend_limit', 'approval.redeem'),
    ],
  ])('one whose redeem is refused: %s', async (refused, policy, arrange, more, ...violations) => {
    const id = await approved();
    await arrange(id);
    await expectRows(id, () => redeem(id, policy), [
      ['approval.redeem', 'denied', 'agent-1', facts('approved', { refused, ...more })],
      ...violations,
    ]);
    await lift();
  });

  it('one with another payload, or that nobody has approved', async () => {
    const [changed, pending] = [await approved(), await asked()];
    await expectRows(changed, () => redeem(changed, null, sha('other')), [
      ['approval.redeem', 'denied', 'agent-1', facts('approved', { refused: 'digest_mismatch' })],
    ]);
    await expectRows(pending, () => redeem(pending), [
      ['approval.redeem', 'denied', 'agent-1', facts('pending', { refused: 'not_approved' })],
    ]);
  });

  it.each<[what: string, before: boolean, confirmed: boolean, status: string, more: object]>([
    ['succeeded', false, false, 'ok', {}],
    ['failed', false, false, 'error', {}],
    ['failed', true, false, 'error', { before_effect: true }],
    ['failed', true, true, 'error', { before_effect: true, confirmed: true }],
  ])(
    'how it went: %s (before the effect: %s, confirmed: %s)',
    async (what, before, confirmed, status, more) => {
      const id = await redeemed();
      const row = facts('approved', { outcome: what, result: { ok: 1 }, ...more });
      await expectRows(id, () => outcome(id, what, before, confirmed), [
        ['approval.outcome', status, 'agent-1', row],
      ]);
      // The same word again changes nothing.
      await expectRows(id, () => outcome(id, what, before, false), []);
    },
  );

  it('that it had no effect, said later by who may say so', async () => {
    const id = await redeemed();
    await outcome(id, 'failed', false, false);
    const row = facts('approved', { outcome: 'failed', before_effect: true, confirmed: true });
    await expectRows(id, () => outcome(id, 'failed', true, true), [
      ['approval.outcome', 'error', 'agent-1', row],
    ]);
  });
});

describe('a request leaves its row', () => {
  const request = (over: object) =>
    answer(
      'request_approval($1, $2)',
      {
        action: 'dm.bulk_send',
        details: {},
        requested_by: 'agent-1',
        ttl_seconds: 60,
        grant_seconds: 60,
        action_digest: digest,
        ...over,
      },
      context,
    );
  const about = (rows: object[]) =>
    rows.map((row) => ({ ...row, approval_id: null, result: { ...(row as { result: object }).result } }));

  it('one that is made', async () => {
    let made: Answer | undefined;
    const rows = await rowsLeftBy(sql, async () => (made = await request({})));
    expect(rows).toMatchObject([
      {
        action_type: 'approval.request',
        status: 'ok',
        agent_id: 'agent-1',
        approval_id: made?.approval?.id,
        ...called,
      },
    ]);
    expect(rows[0]?.result).toMatchObject(facts('pending', { requested_by: 'agent-1' }));
  });

  it('one that is stopped, by the agent or on whose behalf it asks, or denied', async () => {
    const stopped = (scope: string) => ({
      action_type: 'security.policy_violation',
      status: 'denied',
      agent_id: 'agent-1',
      result: { rule: 'kill_switch', action: 'dm.bulk_send', attempt: 'approval.request', scope },
    });
    for (const scope of ['agent:agent-1', 'agent:somebody']) {
      await stop(scope);
      const rows = await rowsLeftBy(sql, async () => {
        expect(await request({ requested_by: 'somebody' })).toEqual({ result: 'kill_switch' });
      });
      await lift();
      expect(about(rows)).toMatchObject([stopped(scope)]);
    }
    const rows = await rowsLeftBy(sql, async () => {
      expect(await request(denied)).toEqual({ result: 'policy_denied' });
    });
    expect(rows).toMatchObject([
      {
        agent_id: 'agent-1',
        result: { rule: 'gate:dm.bulk_send', action: 'dm.bulk_send', attempt: 'approval.request' },
        ...called,
      },
    ]);
  });

  it('one that another program has inserted: adopted, or refused', async () => {
    const inserted = async () => {
      const { rows } = await sql.query<{ id: string }>(
        `insert into actp_approval_queue (action, details, requested_by, expires_at)
         values ('dm.bulk_send', '{}', 'agent-1', now() + interval '1 hour') returning id`,
      );
      return rows[0]?.id ?? '';
    };
    const [adopted, refused] = [await inserted(), await inserted()];
    const rows = await rowsLeftBy(sql, () =>
      answer(`adopt_approval($1, $2, $3, 'v1', 60, 60, false, 1)`, adopted, digest, payload),
    );
    expect(rows).toMatchObject([
      { action_type: 'approval.request', status: 'ok', agent_id: 'plane', approval_id: adopted, ...byItself },
    ]);
    expect(rows[0]?.result).toMatchObject({ inserted_directly: true, requested_by: 'agent-1' });
    const denials = await rowsLeftBy(sql, () => answer('refuse_import($1, $2)', refused, denied.denied));
    expect(denials).toMatchObject([
      { action_type: 'approval.cancel', status: 'denied', agent_id: 'plane', approval_id: refused },
      { action_type: 'security.policy_violation', status: 'denied', agent_id: 'plane', approval_id: refused },
    ]);
    expect(denials[0]?.result).toMatchObject({ refused: 'policy_denied', policy: denied.denied });
    expect(denials[1]?.result).toMatchObject({ rule: 'gate:dm.bulk_send', attempt: 'approval.request' });
  });
});
