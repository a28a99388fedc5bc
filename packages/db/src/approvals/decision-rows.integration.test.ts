import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { byItself, called, rowsLeftBy } from '../audit/rows.fixture.ts';
import { context, digest, sha } from './approvals.fixture.ts';
import { auditedCalls, denied, facts, operator, other } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, card, press, decide, redeem, outcome, stop, lift, asked, telegram, expectRows } =
  auditedCalls(sql);

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

  it.each([
    ['the longest name', 340, 'not_operator'],
    ['a name that is too long', 341, null],
  ])('%s', async (_what, length, result) => {
    const id = await asked();
    const actor = `operator:${'a'.repeat(length - 21)}@example.com`;
    expect(actor).toHaveLength(length);
    const decided = answer(
      `decide_approval($1, 'rejected', $2, $3, null, null, $4)`,
      id,
      digest,
      actor,
      context,
    );
    if (result === null) await expect(decided).rejects.toThrow('only a person decides');
    else expect((await decided).result).toBe(result);
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
