import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { expectOthersUntouched } from '../bystanders.fixture.ts';
import { approvalCalls, digest } from './approvals.fixture.ts';

const stores = await openDatabase();
const { sql } = stores;
const calls = approvalCalls(sql);
let updates = 0;
const telegram = () => ({ update_id: (updates += 1), chat_id: '-1', message_id: 5 });
const run = (text: string, ...values: unknown[]) => sql.query(`select ${text}`, values);
const card = (id: string, version = 1) => run(`record_approval_card($1, '-1', 5, $2)`, id, version);
const press = (id: string, actor: string, confirmed: boolean) =>
  run(`press_approval($1, 'approved', $2, $3, $4, $5, '{}')`, id, confirmed, digest, actor, telegram());
const twoVotes = { critical: true, approvers: 2, callback_url: 'https://agent.example/hook' };

/** Approvals of the same agent in every state, each with its card, presses, votes and calls back. */
async function others(): Promise<void> {
  const make = async () => {
    const { id } = await calls.request(twoVotes);
    await card(id);
    await press(id, 'telegram:7', false);
    return id;
  };
  await make();
  const [approved, redeemed, rejected] = [await make(), await make(), await make()];
  for (const id of [approved, redeemed]) {
    for (const actor of ['telegram:7', 'telegram:8']) await calls.decide(id, 'approved', actor);
  }
  await calls.redeem(redeemed);
  await calls.decide(rejected, 'rejected');
  await sql.query(`update actp_approval_cards set reminders = 0`);
  await sql.query(`update actp_approval_callbacks set next_attempt_at = now()`);
}
await others();

async function subject(over: Record<string, unknown> = {}): Promise<string> {
  const { id } = await calls.request({ ...twoVotes, ...over });
  await card(id);
  return id;
}
const single = { approvers: 1, critical: false };

describe('what is done about one approval leaves all others as they are', () => {
  it.each<[string, Record<string, unknown>, (id: string) => Promise<unknown>]>([
    ['a yes', single, (id) => calls.decide(id, 'approved')],
    ['a vote', twoVotes, (id) => calls.decide(id, 'approved')],
    ['a no', twoVotes, (id) => calls.decide(id, 'rejected')],
    ['a first press', twoVotes, (id) => press(id, 'telegram:7', false)],
    ['a card that is recorded', twoVotes, (id) => card(id, 2)],
    ['a card that is shown', twoVotes, (id) => run('record_card_shown($1, 9)', id)],
    ['a card that is forgotten', twoVotes, (id) => run('forget_approval_card($1, 5)', id)],
    ['a call that is cancelled', twoVotes, (id) => calls.cancel(id)],
    ['what expires', twoVotes, async (id) => [await calls.elapse(id, 3_601), await calls.expire()]],
  ])('%s', async (_what, over, work) => {
    const id = await subject(over);
    const before = await calls.read(id);
    await expectOthersUntouched(sql, { tables: 'actp_approval%', subjects: [id] }, () => work(id));
    expect(before.status).toBe('pending');
  });

  it('a second press, one that is taken back, and a reply', async () => {
    const [pressed, back, replied] = [await subject(), await subject(), await subject()];
    for (const id of [pressed, back]) await press(id, 'telegram:7', false);
    await calls.decide(replied, 'rejected');
    await expectOthersUntouched(
      sql,
      { tables: 'actp_approval%', subjects: [pressed, back, replied] },
      async () => {
        await press(pressed, 'telegram:7', true);
        await run(`take_back_press($1, 'telegram:7', $2, '{}')`, back, telegram().update_id);
        await run(
          `reject_by_reply($1, 'too dear', $2, 'telegram:42', $3, '{}')`,
          replied,
          digest,
          telegram(),
        );
      },
    );
    const { rows } = await sql.query<{ first: number; votes: number; reason: string }>(
      `select (select count(*)::int from actp_approval_first_presses where approval_id = any ($1)) as first,
              (select count(*)::int from actp_approval_votes where approval_id = $2) as votes,
              (select decision_reason from actp_approval_queue where id = $3) as reason`,
      [[pressed, back], pressed, replied],
    );
    expect(rows).toEqual([{ first: 0, votes: 1, reason: 'too dear' }]);
  });

  it('a grant that is taken, and how it went', async () => {
    const id = await subject(single);
    await calls.decide(id, 'approved');
    await expectOthersUntouched(sql, { tables: 'actp_approval%', subjects: [id] }, async () => {
      expect(await calls.redeem(id)).toMatchObject({ result: 'redeemed' });
      expect(await calls.outcome(id, 'succeeded')).toMatchObject({ result: 'recorded' });
    });
  });

  it('a reminder: one process takes it, of this card', async () => {
    const id = await subject();
    await calls.elapse(id, 1_801);
    const claim = async () => {
      const { rows } = await run('claim_reminder($1, 0) as claimed', id);
      return (rows[0] as { claimed: boolean }).claimed;
    };
    await expectOthersUntouched(sql, { tables: 'actp_approval%', subjects: [id] }, async () => {
      expect(await claim()).toBe(true);
      expect(await claim()).toBe(false);
    });
    const early = await subject();
    const { rows } = await run('claim_reminder($1, 0) as claimed', early);
    expect(rows).toEqual([{ claimed: false }]);
  });

  it('a call back: claimed, tried again and delivered', async () => {
    const id = await subject(single);
    await calls.decide(id, 'approved');
    await expectOthersUntouched(sql, { tables: 'actp_approval%', subjects: [id] }, async () => {
      const { rows } = await run('claim_callbacks($1, 60, 100) as calls', id);
      const [first] = (rows[0] as { calls: Array<{ approval_id: string; version: number }> }).calls;
      expect(first).toMatchObject({ approval_id: id, attempt: 1 });
      const record = async (state: string) => {
        const answer = await run('record_callback($1, $2, $3, null, 60) as done', id, first?.version, state);
        return (answer.rows[0] as { done: boolean }).done;
      };
      expect([await record('waiting'), await record('delivered'), await record('waiting')]).toEqual([
        true,
        true,
        false,
      ]);
    });
  });
});
