import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { digest, sha } from './approvals.fixture.ts';
import { auditedCalls, operator, other } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, asked, card, press, telegram, decide } = auditedCalls(sql);

/** Telegram ids that are linked to accounts; 42 never was. */
const link = (telegramId: number, email: string) =>
  sql.query(
    `insert into actp_telegram_links (telegram_id, user_id) select $1, id from actp_users where email = $2`,
    [telegramId, email],
  );
await asked();
await link(77, 'op@example.com');
await link(78, 'other@example.com');

interface Reply {
  actor?: string | null;
  reason?: string | null;
  at?: object | null;
}
const reply = (id: string, { actor = 'telegram:77', reason = 'too dear', at = telegram() }: Reply = {}) =>
  answer(`reject_by_reply($1, $2, $3, $4, $5, '{}')`, id, reason, digest, actor, at);
const reasonOf = async (id: string) => {
  const { rows } = await sql.query<{ reason: string | null }>(
    'select decision_reason as reason from actp_approval_queue where id = $1',
    [id],
  );
  return rows[0]?.reason ?? null;
};
async function pending(over: Record<string, unknown> = {}): Promise<string> {
  const id = await asked(over);
  await card(id);
  return id;
}

describe('a reply', () => {
  it.each<[string, Reply]>([
    ['of nobody', { actor: null }],
    ['of an agent', { actor: 'agent-1' }],
    ['over HTTP', { actor: operator }],
    ['outside of Telegram', { at: null }],
    ['without a word', { reason: '' }],
    ['without a reason', { reason: null }],
  ])('%s is none', async (_what, over) => {
    const id = await pending();
    await expect(reply(id, over)).rejects.toThrow('only a person replies');
    expect((await calls.read(id)).status).toBe('pending');
  });

  it('rejects what is pending, with its reason', async () => {
    const id = await pending();
    expect((await reply(id)).result).toBe('decided');
    expect(await calls.read(id)).toMatchObject({ status: 'rejected', decided_by: 'telegram:77' });
    expect(await reasonOf(id)).toBe('too dear');
  });

  it.each<[what: string, decision: string, by: string, result: string, reason: string | null]>([
    ['to a no of the same person, given elsewhere', 'rejected', operator, 'reason_noted', 'too dear'],
    ['to a no of somebody else', 'rejected', other, 'already_decided', null],
    ['to a yes', 'approved', operator, 'already_decided', null],
  ])('%s', async (_what, decision, by, result, reason) => {
    const id = await pending();
    await calls.decide(id, decision, by);
    const { version } = await calls.read(id);
    expect((await reply(id)).result).toBe(result);
    expect(await reasonOf(id)).toBe(reason);
    expect(await calls.read(id)).toMatchObject({
      status: decision,
      decided_by: by,
      version: version + (reason === null ? 0 : 1),
    });
  });

  it('gives a reason once, and each update counts once', async () => {
    const id = await pending();
    await calls.decide(id, 'rejected', 'telegram:77');
    const at = telegram();
    expect((await reply(id, { at })).result).toBe('reason_noted');
    expect((await reply(id, { reason: 'another' })).result).toBe('already_decided');
    const second = await pending();
    await calls.decide(second, 'rejected', 'telegram:77');
    expect((await reply(second, { at })).result).toBe('duplicate');
    expect([await reasonOf(id), await reasonOf(second)]).toEqual(['too dear', null]);
    expect(await answer('approval_events($1, 2)', id)).toMatchObject([{ type: 'rejected', version: 3 }]);
  });

  it('of one who may not act any more gives no reason', async () => {
    const id = await pending();
    await calls.decide(id, 'rejected', 'telegram:77');
    await sql.query(`update actp_users set disabled_at = now() where email = 'op@example.com'`);
    expect((await reply(id)).result).toBe('not_operator');
    await sql.query('update actp_users set disabled_at = null');
    expect(await reasonOf(id)).toBeNull();
  });

  it('to what is not there is not found', async () => {
    expect(await reply(randomUUID())).toEqual({ result: 'not_found' });
  });
});

describe('the first of two presses', () => {
  const pressAt = (id: string, confirmed: boolean, at: object) =>
    answer(
      `press_approval($1, 'approved', $2, $3, 'telegram:77', $4, '{}')`,
      id,
      confirmed,
      digest,
      telegram(at),
    );
  const age = (id: string, seconds: number) =>
    sql.query(
      'update actp_approval_first_presses set pressed_at = pressed_at - make_interval(secs => $2) where approval_id = $1',
      [id, seconds],
    );

  it.each([
    ['another message', { message_id: 6 }],
    ['another chat', { chat_id: '-2' }],
  ])('counts on the card alone: on %s it is refused', async (_what, at) => {
    const id = await pending({ critical: true });
    expect((await pressAt(id, false, at)).result).toBe('other_message');
    expect((await press(id, true, 'telegram:77')).result).toBe('confirm_expired');
  });

  it('is of one approval', async () => {
    const [one, two] = [await pending({ critical: true }), await pending({ critical: true })];
    await press(one, false, 'telegram:77');
    expect((await press(two, true, 'telegram:77')).result).toBe('confirm_expired');
    expect((await press(two, true, 'telegram:78')).result).toBe('confirm_expired');
    expect((await press(one, true, 'telegram:78')).result).toBe('not_yours');
    expect((await press(one, true, 'telegram:77')).result).toBe('decided');
  });

  it('is nobody’s any more after a minute, and begins anew when it comes again', async () => {
    const id = await pending({ critical: true });
    await press(id, false, 'telegram:77');
    await age(id, 61);
    expect((await press(id, true, 'telegram:78')).result).toBe('confirm_expired');
    expect((await press(id, false, 'telegram:77')).result).toBe('confirm');
    await age(id, 55);
    expect((await press(id, true, 'telegram:77')).result).toBe('decided');
  });

  it('is taken back once by each update', async () => {
    const id = await pending({ critical: true });
    const update = telegram().update_id;
    const back = () => answer(`take_back_press($1, 'telegram:77', $2, '{}')`, id, update);
    expect((await back()).result).toBe('taken_back');
    await press(id, false, 'telegram:77');
    expect((await back()).result).toBe('duplicate');
    expect((await press(id, true, 'telegram:77')).result).toBe('decided');
  });

  it('is wanted where the policy has come to ask for it', async () => {
    const id = await pending();
    const under = (policy: object, confirmed: boolean) =>
      answer(
        `press_approval($1, 'approved', $2, $3, 'telegram:77', $4, '{}', $5)`,
        id,
        confirmed,
        digest,
        telegram(),
        policy,
      );
    expect((await under({ critical: true }, false)).result).toBe('confirm');
    expect((await under({ critical: true, denied: { rule: 'r' } }, true)).result).toBe('policy_denied');
    expect((await under({ critical: true }, true)).result).toBe('decided');
  });
});

describe('votes', () => {
  it.each<[what: string, disabled: string, votes: number]>([
    ['of who may act', 'a@b.c', 2],
    ['not of who was disabled meanwhile', 'other@example.com', 1],
  ])('count: %s', async (_what, disabled, votes) => {
    const id = await pending({ approvers: 3 });
    for (const actor of ['telegram:77', other, operator]) await calls.decide(id, 'approved', actor);
    await sql.query('update actp_users set disabled_at = now() where email = $1', [disabled]);
    expect(await answer('count_votes($1)', id)).toBe(votes);
    await sql.query('update actp_users set disabled_at = null');
  });
});

describe('who asked does not decide', () => {
  it.each<
    [who: string, row: { asked_by: string | null; source: string; requested_by?: string }, own: boolean]
  >([
    ['by the same name', { asked_by: 'telegram:77', source: 'http' }, true],
    ['by another way of the same person', { asked_by: operator, source: 'http' }, true],
    ['and somebody else does', { asked_by: other, source: 'http' }, false],
    ['and an agent is nobody', { asked_by: 'agent-1', source: 'http' }, false],
    ['nor whose task it is', { asked_by: 'x', source: 'plane', requested_by: 'user:op@example.com' }, true],
    ['and of a task of another', { asked_by: 'x', source: 'plane', requested_by: 'user:a@b.c' }, false],
    [
      'and a name that an agent writes is none',
      { asked_by: 'x', source: 'http', requested_by: 'user:op@example.com' },
      false,
    ],
    ['nor is one in a row of another program', { asked_by: 'telegram:77', source: 'direct' }, false],
  ])('%s', async (_who, { asked_by, source, requested_by = 'agent-1' }, own) => {
    const id = await pending();
    await sql.query(
      'update actp_approval_queue set asked_by = $2, source = $3, requested_by = $4 where id = $1',
      [id, asked_by, source, requested_by],
    );
    const { result } = await calls.decide(id, 'approved', 'telegram:77');
    expect(result).toBe(own ? 'own_request' : 'decided');
  });
});

it('a digest that was never made is none that is shown', async () => {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_approval_queue (action, details, requested_by) values ('a.b', '{}', 'py') returning id`,
  );
  const id = rows[0]?.id ?? '';
  expect((await decide(id, 'approved')).result).toBe('digest_mismatch');
  expect((await calls.decide(id, 'approved', operator, sha('x'))).result).toBe('digest_mismatch');
});
