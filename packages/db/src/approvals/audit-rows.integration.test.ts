import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { byItself, called, rowsLeftBy } from '../audit/rows.fixture.ts';
import { approvalCalls, context, digest, payload, sha, type Answer } from './approvals.fixture.ts';

const { sql } = await openStores();
const calls = approvalCalls(sql);
const [operator, other] = ['operator:op@example.com', 'operator:other@example.com'];
let updates = 0;
const telegram = (more: object = {}) => ({
  update_id: (updates += 1),
  chat_id: '-1',
  message_id: 5,
  ...more,
});

async function answer(text: string, ...values: unknown[]): Promise<Answer> {
  const { rows } = await sql.query<{ answer: Answer }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
}
const card = (id: string) => sql.query(`select record_approval_card($1, '-1', 5, 1)`, [id]);
const press = (id: string, confirmed: boolean, actor = 'telegram:1') =>
  answer(
    `press_approval($1, 'approved', $2, $3, $4, $5, $6)`,
    id,
    confirmed,
    digest,
    actor,
    telegram(),
    context,
  );
const decide = (id: string, decision: string, policy: unknown = null) =>
  answer(
    'decide_approval($1, $2, $3, $4, null, null, $5, $6)',
    id,
    decision,
    digest,
    operator,
    context,
    policy,
  );
const redeem = (id: string, policy: unknown = null, given = payload) =>
  answer('redeem_approval($1, $2, $3, null, $4)', id, given, context, policy);
const outcome = (id: string, what: string, before: boolean, confirmed: boolean) =>
  answer('record_outcome($1, $2, $3, $4, $5, $6)', id, what, { ok: 1 }, context, before, confirmed);
const stop = (scope: string) =>
  sql.query(`insert into actp_kill_switches (scope, reason, set_by) values ($1, 'test', $2)`, [
    scope,
    operator,
  ]);
const lift = () => sql.query(`update actp_kill_switches set lifted_at = now(), lifted_by = set_by`);

async function asked(over: Record<string, unknown> = {}): Promise<string> {
  return (await calls.request(over)).id;
}
async function approved(over: Record<string, unknown> = {}): Promise<string> {
  const id = await asked(over);
  await calls.decide(id, 'approved', operator);
  return id;
}
async function redeemed(): Promise<string> {
  const id = await approved();
  await calls.redeem(id);
  return id;
}

const facts = (state: string, more: object = {}) => ({
  action: 'dm.bulk_send',
  action_digest: digest,
  state,
  ...more,
});
type Row = [action: string, status: string, agent: string, result: object, by?: object];

/** Each step leaves exactly these rows, all about the approval. */
async function expectRows(id: string, work: () => Promise<unknown>, expected: Row[]): Promise<void> {
  const rows = await rowsLeftBy(sql, work);
  expect(rows).toEqual(
    expected.map(([action_type, status, agent_id, result, by = called]) => ({
      action_type,
      status,
      agent_id,
      // An operator's row has the name as well.
      result: agent_id === operator ? { ...result, name: 'op@example.com' } : result,
      approval_id: id,
      ...by,
    })),
  );
}

const denied = { denied: { rule: 'gate:dm.bulk_send', reasons: ['too many'] }, version: 'v2' };
const violation = (rule: string, attempt: string, more: object = {}): Row => [
  'security.policy_violation',
  'denied',
  'agent-1',
  { rule, action: 'dm.bulk_send', attempt, ...more },
];

describe('a decision leaves its row', () => {
  it('a yes and a no', async () => {
    const [yes, no] = [await asked(), await asked()];
    await expectRows(yes, () => decide(yes, 'approved'), [
      ['approval.decide', 'ok', operator, facts('approved', { decision: 'approved' })],
    ]);
    await expectRows(no, () => decide(no, 'rejected'), [
      ['approval.decide', 'ok', operator, facts('rejected', { decision: 'rejected' })],
    ]);
  });

  it('a vote that is not enough', async () => {
    const id = await asked({ approvers: 2 });
    await expectRows(id, () => decide(id, 'approved'), [
      ['approval.vote', 'ok', operator, facts('pending', { votes: 1, needed: 2 })],
    ]);
  });

  it.each<[refused: string, over: Record<string, unknown>, arrange: (id: string) => Promise<unknown>]>([
    ['already_decided', {}, (id) => calls.decide(id, 'rejected', other)],
    [
      'digest_mismatch',
      {},
      (id) =>
        sql.query('update actp_approval_queue set action_digest = $2 where id = $1', [id, sha('changed')]),
    ],
    [
      'own_request',
      {},
      (id) => sql.query('update actp_approval_queue set asked_by = $2 where id = $1', [id, operator]),
    ],
    ['kill_switch', {}, () => stop('action:dm.bulk_send')],
    [
      'not_operator',
      {},
      () => sql.query(`update actp_users set disabled_at = now() where email = 'op@example.com'`),
    ],
  ])('one that is refused: %s', async (refused, over, arrange) => {
    const id = await asked(over);
    await arrange(id);
    const rows = await rowsLeftBy(sql, async () => {
      expect((await decide(id, 'approved')).result).toBe(refused);
    });
    await lift();
    await sql.query('update actp_users set disabled_at = null');
    expect(rows).toMatchObject([
      { action_type: 'approval.decide', status: 'denied', agent_id: operator, approval_id: id, ...called },
    ]);
    expect(rows[0]?.result).toMatchObject({ decision: 'approved', refused });
  });

  it('one that comes too late, with that time is over', async () => {
    const id = await asked();
    await calls.elapse(id, 3_601);
    await expectRows(id, () => decide(id, 'approved'), [
      ['approval.expire', 'denied', 'plane', facts('expired'), byItself],
      ['approval.decide', 'denied', operator, facts('expired', { decision: 'approved', refused: 'expired' })],
    ]);
  });

  it('one that the policy denies by now, with what the policy says', async () => {
    const id = await asked();
    const policy = { version: 'v2', ...denied.denied };
    await expectRows(id, () => decide(id, 'approved', denied), [
      [
        'approval.decide',
        'denied',
        operator,
        facts('pending', { decision: 'approved', refused: 'policy_denied', policy }),
      ],
    ]);
  });

  it('about what is not there: none, and it says so', async () => {
    const rows = await rowsLeftBy(sql, async () => {
      const [id, update] = [randomUUID(), telegram()];
      expect(await decide(id, 'approved')).toEqual({ result: 'not_found' });
      expect(await redeem(id)).toEqual({ result: 'not_found' });
      expect(await outcome(id, 'failed', false, false)).toEqual({ result: 'not_found' });
      expect(await calls.cancel(id)).toEqual({ result: 'not_found' });
      expect(await press(id, false)).toEqual({ result: 'not_found' });
      expect(await answer(`take_back_press($1, 'telegram:1', $2, '{}')`, id, update.update_id)).toEqual({
        result: 'not_found',
      });
    });
    expect(rows).toEqual([]);
  });
});

describe('a press leaves its row', () => {
  it('the first one, the second by somebody else or too late, and Back', async () => {
    const id = await asked({ critical: true });
    await card(id);
    const refused = (why: string) => facts('pending', { decision: 'approved', refused: why });
    await expectRows(id, () => press(id, true), [
      ['approval.decide', 'denied', 'telegram:1', refused('confirm_expired')],
    ]);
    await expectRows(id, () => press(id, false), [
      ['approval.press', 'ok', 'telegram:1', facts('pending', { decision: 'approved', confirmed: false })],
    ]);
    await expectRows(id, () => press(id, true, 'telegram:2'), [
      ['approval.decide', 'denied', 'telegram:2', refused('not_yours')],
    ]);
    const back = () => answer(`take_back_press($1, 'telegram:1', $2, $3)`, id, telegram().update_id, context);
    await expectRows(id, back, [
      ['approval.press', 'ok', 'telegram:1', facts('pending', { taken_back: true })],
    ]);
  });

  it('Back by somebody who may not act any more', async () => {
    const id = await asked({ critical: true });
    await sql.query(
      `insert into actp_telegram_links (telegram_id, user_id)
       select 77, id from actp_users where email = 'other@example.com'`,
    );
    await sql.query(`update actp_users set disabled_at = now() where email = 'other@example.com'`);
    const rows = await rowsLeftBy(sql, () =>
      answer(`take_back_press($1, 'telegram:77', $2, $3)`, id, telegram().update_id, context),
    );
    await sql.query('update actp_users set disabled_at = null');
    expect(rows).toMatchObject([
      { action_type: 'approval.press', status: 'denied', agent_id: 'telegram:77' },
    ]);
    expect(rows[0]?.result).toMatchObject({ taken_back: false, refused: 'not_operator' });
  });

  it.each([
    ['message', { message_id: 6 }],
    ['chat', { chat_id: '-2' }],
  ])('one under another %s is refused', async (_what, elsewhere) => {
    const id = await asked();
    await card(id);
    const work = () =>
      answer(
        `decide_approval($1, 'approved', $2, 'telegram:1', null, $3, $4)`,
        id,
        digest,
        telegram(elsewhere),
        context,
      );
    await expectRows(id, work, [
      [
        'approval.decide',
        'denied',
        'telegram:1',
        facts('pending', { decision: 'approved', refused: 'other_message' }),
      ],
    ]);
  });
});

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
