import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, digest, sha, type Answer } from './approvals.fixture.ts';

const stores = await openDatabase();
const calls = approvalCalls(stores.sql);
let updates = 0;

async function press(
  id: string,
  confirmed: boolean,
  over: {
    actor?: string | null;
    digest?: string;
    update?: number;
    message?: number;
    decision?: string;
  } = {},
): Promise<Answer> {
  const { actor = 'telegram:1', message = 5, decision = 'approved' } = over;
  const telegram = { update_id: over.update ?? (updates += 1), chat_id: '-1', message_id: message };
  const { rows } = await stores.sql.query<{ answer: Answer }>(
    'select press_approval($1, $2, $3, $4, $5, $6, $7) as answer',
    [id, decision, confirmed, over.digest ?? digest, actor, telegram, {}],
  );
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
}

async function asked(over: Record<string, unknown> = {}): Promise<string> {
  const { id } = await calls.request({ critical: true, ...over });
  await stores.sql.query(`select record_approval_card($1, '-1', 5, 1)`, [id]);
  return id;
}

const statusOf = async (id: string) => (await calls.read(id)).status;

describe('a press that is refused', () => {
  it('[POL-009] is recorded once, however often its update comes', async () => {
    const update = (updates += 1);
    const record = async () => {
      const { rows } = await stores.sql.query<{ isNew: boolean }>(
        `select record_refused_press($1, 'telegram:9', '{"reason": "stranger"}') as "isNew"`,
        [update],
      );
      return rows[0]?.isNew;
    };
    const recorded = async () => {
      const { rows } = await stores.sql.query(
        `select action_type, status, result from actp_agent_audit_log where agent_id = 'telegram:9'`,
      );
      return rows;
    };
    const once = [{ action_type: 'approval.decide', status: 'denied', result: { reason: 'stranger' } }];
    expect(await record()).toBe(true);
    expect(await recorded()).toEqual(once);
    expect(await record()).toBe(false);
    expect(await Promise.all([record(), record(), record()])).toEqual([false, false, false]);
    expect(await recorded()).toEqual(once);
  });
});

describe('presses on something critical', () => {
  it('are two, of one person, on the card, for what it shows, within a minute', async () => {
    const id = await asked();
    expect((await press(id, true)).result).toBe('confirm_expired');
    expect((await press(id, false)).result).toBe('confirm');
    expect((await press(id, true, { actor: 'telegram:2' })).result).toBe('not_yours');
    expect((await press(id, true, { message: 6 })).result).toBe('other_message');
    expect((await press(id, true, { digest: sha('other') })).result).toBe('digest_mismatch');
    expect(await statusOf(id)).toBe('pending');
    expect((await press(id, true)).result).toBe('decided');
    expect(await statusOf(id)).toBe('approved');
  });

  it('count by the database clock: a second one after sixty seconds is too late', async () => {
    const id = await asked();
    await press(id, false);
    await stores.sql.query(
      `update actp_approval_first_presses set pressed_at = clock_timestamp() - interval '60.5 seconds' where approval_id = $1`,
      [id],
    );
    expect((await press(id, true)).result).toBe('confirm_expired');
    expect(await statusOf(id)).toBe('pending');
  });

  it('are counted once each, also when an update comes again', async () => {
    const id = await asked({ approvers: 2 });
    const first = (updates += 1);
    const second = (updates += 1);
    expect((await press(id, false, { update: first })).result).toBe('confirm');
    expect((await press(id, false, { update: first })).result).toBe('duplicate');
    expect((await press(id, true, { update: second })).result).toBe('needs_more');
    expect((await press(id, true, { update: second })).result).toBe('duplicate');
    // The first press was used up by the second.
    expect((await press(id, true)).result).toBe('confirm_expired');
    expect(await calls.read(id)).toMatchObject({ status: 'pending', version: 2 });
  });

  it('of one person leave those of another as they are', async () => {
    const id = await asked({ approvers: 2 });
    const other = { actor: 'telegram:2' };
    for (const by of [{}, other]) expect((await press(id, false, by)).result).toBe('confirm');
    expect((await press(id, true)).result).toBe('needs_more');
    expect((await press(id, true, other)).result).toBe('decided');
  });

  it('begin anew after Back', async () => {
    const id = await asked();
    await press(id, false);
    await stores.sql.query(`select take_back_press($1, 'telegram:1', $2, '{}')`, [id, (updates += 1)]);
    expect((await press(id, true)).result).toBe('confirm_expired');
  });

  it('decide once when both come at the same moment, many times', async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, () => asked()));
    await Promise.all(
      ids.map(async (id) => {
        const results = await Promise.all([
          press(id, false),
          press(id, true),
          press(id, true),
          press(id, false),
        ]);
        const decided = results.filter(({ result }) => result === 'decided');
        expect(decided.length).toBeLessThanOrEqual(1);
        expect(await statusOf(id)).toBe(decided.length === 1 ? 'approved' : 'pending');
      }),
    );
  });

  it('need only one for a no', async () => {
    const id = await asked();
    expect((await press(id, false, { decision: 'rejected' })).result).toBe('decided');
    expect(await statusOf(id)).toBe('rejected');
  });

  it('of who asked, and after the end, are refused like any other', async () => {
    const own = await asked();
    await stores.sql.query(`update actp_approval_queue set asked_by = 'telegram:1' where id = $1`, [own]);
    expect((await press(own, false)).result).toBe('own_request');
    const late = await asked();
    await press(late, false);
    await calls.elapse(late, 3_601);
    expect((await press(late, true)).result).toBe('expired');
    expect(await statusOf(late)).toBe('expired');
    expect((await press(late, true)).result).toBe('expired');
  });
});

it('[TRU-004] a name that an agent writes excludes nobody; only who really asked is excluded', async () => {
  const named = await asked({ critical: false, requested_by: 'telegram:1' });
  expect((await press(named, false)).result).toBe('decided');
  // Asked for before it was noted who really did: then the name is all there is.
  const older = await asked({ critical: false, requested_by: 'telegram:1' });
  await stores.sql.query('update actp_approval_queue set asked_by = null, source = null where id = $1', [
    older,
  ]);
  expect((await press(older, false)).result).toBe('own_request');
  // Inserted by another program, which may write any name.
  await stores.sql.query(`update actp_approval_queue set source = 'direct' where id = $1`, [older]);
  expect((await press(older, false)).result).toBe('decided');
});

it.each(['worker', 'operator:a@b.c', 'telegram:', null])('%j presses nothing', async (actor) => {
  const id = await asked();
  await expect(press(id, false, { actor })).rejects.toThrow('only a person presses');
});

it('a single press decides what is not critical', async () => {
  const id = await asked({ critical: false });
  expect((await press(id, false)).result).toBe('decided');
});
