import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { context, digest, payload } from './approvals.fixture.ts';
import { auditedCalls, operator, other } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, asked } = auditedCalls(sql);
const rowOf = async (id: string) => {
  const { rows } = await sql.query<{ critical: boolean; approvers: number; status: string }>(
    'select critical, approvers, status from actp_approval_queue where id = $1',
    [id],
  );
  return rows[0];
};

describe('[POL-009] an operator decides by a session', () => {
  const open = async (email: string) => {
    await asked();
    const { rows } = await sql.query<{ id: string }>(
      `select open_session(id, password_hash, 'api', 1, '{}') as id from actp_users where email = $1`,
      [email],
    );
    return rows[0]?.id ?? '';
  };
  const decideBy = (id: string, session_id: string) =>
    answer('decide_approval($1, $2, $3, $4, null, null, $5)', id, 'approved', digest, operator, {
      ...context,
      session_id,
    });

  it.each<[what: string, arrange: string]>([
    ['has ended', 'update actp_sessions set ended_at = now() where id = $1'],
    [
      'is over',
      `update actp_sessions set created_at = now() - interval '2 h', expires_at = now() - interval '1 s' where id = $1`,
    ],
    ['is not there any more', 'delete from actp_sessions where id = $1'],
    [
      'is of another operator',
      `update actp_sessions set user_id = (select id from actp_users where email = 'other@example.com') where id = $1`,
    ],
  ])('and not by one that %s', async (_what, arrange) => {
    const [id, session] = [await asked(), await open('op@example.com')];
    await sql.query(arrange, [session]);
    expect((await decideBy(id, session)).result).toBe('not_operator');
    expect((await decideBy(id, await open('op@example.com'))).result).toBe('decided');
  });
});

describe('[TRU-006] a policy asks for more than a request, and never for less', () => {
  const says = (over: object) => ({ version: 'v2', denied: null, ...over });
  const decide = (id: string, policy: object, actor: string = operator) =>
    answer(
      'decide_approval($1, $2, $3, $4, null, null, $5, $6)',
      ...[id, 'approved', digest, actor, context, policy],
    );

  it.each<[asked: object, policy: object, kept: object]>([
    [{ approvers: 3 }, { critical: true, approvers: 1 }, { approvers: 3, critical: true }],
    [{ approvers: 3 }, { critical: true }, { approvers: 3, critical: true }],
    [{ critical: true }, { critical: false, approvers: 2 }, { approvers: 2, critical: true }],
    [{ critical: true }, { approvers: 2 }, { approvers: 2, critical: true }],
    [
      { approvers: 2, critical: true },
      { critical: false, approvers: 1 },
      { approvers: 2, critical: true },
    ],
  ])('%j under one that says %j: %j', async (request, policy, kept) => {
    const id = await asked({ ...request });
    expect((await decide(id, says(policy))).result).toBe('needs_more');
    expect(await rowOf(id)).toMatchObject({ ...kept, status: 'pending' });
  });

  it('people who have agreed count for a policy that asks for as many, and no more than they are', async () => {
    const id = await asked({ approvers: 2 });
    await decide(id, says({}));
    expect((await decide(id, says({}), other)).result).toBe('decided');
    const redeem = (approvers: number) =>
      answer('redeem_approval($1, $2, $3, null, $4)', id, payload, context, says({ approvers }));
    expect((await redeem(3)).result).toBe('policy_stricter');
    // One of them may not act any more: the yes of the other is left.
    await sql.query(`update actp_users set disabled_at = now() where email = 'other@example.com'`);
    expect((await redeem(2)).result).toBe('policy_stricter');
    await sql.query(`update actp_users set disabled_at = null`);
    expect((await redeem(2)).result).toBe('redeemed');
  });
});

it('what has no digest is neither approved nor used, also by who names none', async () => {
  const [unseen, unknown] = [await asked({ action_digest: null }), await asked({ payload_digest: null })];
  const decide = (id: string, of: string | null) =>
    answer(`decide_approval($1, 'approved', $2, $3, null, null, '{}')`, id, of, operator);
  expect((await decide(unseen, null)).result).toBe('digest_mismatch');
  expect((await decide(unknown, null)).result).toBe('digest_mismatch');
  expect((await decide(unknown, digest)).result).toBe('decided');
  for (const of of [null, payload])
    expect((await answer('redeem_approval($1, $2, $3)', unknown, of, context)).result).toBe(
      'digest_mismatch',
    );
});

it('[TRU-003] two who have agreed and turn out to be one person count once', async () => {
  const id = await asked({ approvers: 3 });
  for (const actor of ['telegram:71', 'telegram:72']) await calls.decide(id, 'approved', actor);
  expect(await calls.read(id)).toMatchObject({ approvals: 2 });
  await sql.query(
    `insert into actp_telegram_links (telegram_id, user_id, unlinked_at)
     select n, u.id, case when n = 71 then now() end from actp_users u, unnest(array[71, 72]) n where u.email = 'op@example.com'`,
  );
  expect(await calls.read(id)).toMatchObject({ approvals: 1 });
  expect((await calls.decide(id, 'approved', operator)).result).toBe('needs_more');
  expect((await calls.decide(id, 'approved', other)).result).toBe('needs_more');
  expect(await calls.read(id)).toMatchObject({ status: 'pending', approvals: 2 });
});

it.each(['xtelegram:1', 'telegram:1x', 'telegram:1 operator:a@b.c', 'operator:a@b.c@d', 'user:a@b.c'])(
  'nobody decides, presses or replies as %s',
  async (actor) => {
    const id = await asked();
    const telegram = { update_id: 1, chat_id: '-1', message_id: 5 };
    for (const [text, message] of [
      [`decide_approval($1, 'approved', $2, $3, null, null, '{}')`, 'only a person decides'],
      [`press_approval($1, 'approved', true, $2, $3, $4, '{}')`, 'only a person presses'],
      [`reject_by_reply($1, 'no', $2, $3, $4, '{}')`, 'only a person replies'],
    ] as const) {
      const values = text.includes('$4') ? [id, digest, actor, telegram] : [id, digest, actor];
      await expect(answer(text, ...values)).rejects.toThrow(message);
    }
    expect(await calls.read(id)).toMatchObject({ status: 'pending', version: 1 });
  },
);
