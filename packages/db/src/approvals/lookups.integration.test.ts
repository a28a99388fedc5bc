import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { auditedCalls } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, asked, approved } = auditedCalls(sql);
const answer = async <T>(text: string, ...values: unknown[]): Promise<T> => {
  const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
};
const asIfLater = (id: string, minutes: number) => calls.elapse(id, minutes * 60);

describe('whoever waits', () => {
  it('is told a version that has changed as soon as time is over, of what is pending alone', async () => {
    const [open, late, granted] = [await asked(), await asked(), await approved()];
    await asIfLater(late, 61);
    await sql.query(`update actp_approval_queue set expires_at = decided_at where id = $1`, [granted]);
    expect(await answer('approval_versions($1)', [open, late, granted, randomUUID()])).toEqual({
      [open]: 1,
      [late]: 2,
      [granted]: 2,
    });
    expect(await answer('approval_versions($1)', [])).toEqual({});
  });

  it('gets the events after the version that is known', async () => {
    const id = await approved();
    await calls.redeem(id);
    const after = async (version: number) =>
      (await answer<Array<{ type: string }>>('approval_events($1, $2)', id, version)).map(({ type }) => type);
    expect(await after(0)).toEqual(['pending', 'approved', 'redeemed']);
    expect(await after(2)).toEqual(['redeemed']);
    expect(await after(3)).toEqual([]);
  });
});

it('a message shows one approval, by its number and its chat', async () => {
  const [one, two] = [await asked(), await asked()];
  const record = (id: string, chat: string, message: number) =>
    answer('record_approval_card($1, $2, $3, 1)', id, chat, message);
  await record(one, '-1', 501);
  await record(two, '-2', 502);
  expect(await answer(`approval_of_card('-1', 501)`)).toBe(one);
  expect(await answer(`approval_of_card('-2', 502)`)).toBe(two);
  expect(await answer(`approval_of_card('-1', 502)`)).toBeNull();
  expect(await answer(`approval_of_card('-2', 501)`)).toBeNull();
});

it('what waits for a person is counted, and the most urgent is named first', async () => {
  await sql.query('truncate actp_approval_queue cascade');
  const [last, first, second] = [await asked(), await asked(), await asked()];
  for (const [id, minutes] of [
    [first, 40],
    [second, 20],
  ] as const)
    await asIfLater(id, minutes);
  await asIfLater(await asked(), 60);
  await approved();
  await calls.cancel(await asked());
  const waiting = (limit: number) =>
    answer<{ waiting: number; approvals: Array<{ id: string }> }>('waiting_approvals($1)', limit);
  const all = await waiting(9);
  expect(all.waiting).toBe(3);
  expect(all.approvals.map(({ id }) => id)).toEqual([first, second, last]);
  const two = await waiting(2);
  expect(two.waiting).toBe(3);
  expect(two.approvals.map(({ id }) => id)).toEqual([first, second]);
});

it('what is overdue or was never used reads so before anybody has written it down', async () => {
  const [late, lapsed, used, fresh] = [await asked(), await approved(), await approved(), await approved()];
  await calls.redeem(used);
  await asIfLater(late, 60);
  for (const id of [lapsed, used]) await asIfLater(id, 10);
  expect(await calls.read(late)).toMatchObject({ status: 'expired', lapsed_at: null });
  expect(await calls.read(lapsed)).toMatchObject({ status: 'approved', lapsed_at: expect.any(String) });
  expect(await calls.read(used)).toMatchObject({ status: 'approved', lapsed_at: null });
  expect(await calls.read(fresh)).toMatchObject({ status: 'approved', lapsed_at: null });
});

describe('what time has done is written down', () => {
  it('so many at a time, the oldest first', async () => {
    await sql.query('truncate actp_approval_queue cascade');
    const sweep = async () => {
      const { rows } = await sql.query<{ id: string }>('select expire_approvals(1, 60) as id');
      return rows.map(({ id }) => id);
    };
    const [b, a] = [await asked(), await asked()];
    const [d, c] = [await approved(), await approved()];
    const [f, e] = [await approved(), await approved()];
    for (const id of [f, e]) await calls.redeem(id);
    for (const id of [b, d, f]) await asIfLater(id, 70);
    for (const id of [a, c, e]) await asIfLater(id, 80);
    expect(await sweep()).toEqual([a, c, e]);
    expect(await sweep()).toEqual([b, d, f]);
    expect(await sweep()).toEqual([]);
  });
});

describe('calls back', () => {
  interface Call {
    approval_id: string;
    version: number;
    type: string;
    attempt: number;
    url: string;
  }
  const url = 'https://agent.example/hook';
  const claim = (id: string | null, limit = 100) => answer<Call[]>('claim_callbacks($1, 60, $2)', id, limit);
  const rowOf = async (id: string) => {
    const { rows } = await sql.query<Record<string, unknown>>(
      `select state, attempts, last_error, finished_at is not null as finished,
         round(extract(epoch from next_attempt_at - clock_timestamp()) / 60)::int as minutes
       from actp_approval_callbacks where approval_id = $1`,
      [id],
    );
    return rows[0];
  };
  async function decided(): Promise<string> {
    const id = await asked({ callback_url: url });
    await calls.decide(id, 'approved');
    return id;
  }

  it('are claimed for a time, of one approval or of all, the longest due first', async () => {
    const [one, two, three] = [await decided(), await decided(), await decided()];
    await sql.query(
      `update actp_approval_callbacks set next_attempt_at = next_attempt_at - interval '1 minute' where approval_id = $1`,
      [three],
    );
    expect(await claim(one)).toMatchObject([
      { approval_id: one, version: 2, type: 'approved', attempt: 1, url },
    ]);
    expect(await claim(one)).toEqual([]);
    expect(await rowOf(one)).toEqual({
      state: 'waiting',
      attempts: 1,
      last_error: null,
      finished: false,
      minutes: 1,
    });
    expect((await claim(null, 1)).map(({ approval_id }) => approval_id)).toEqual([three]);
    expect((await claim(null)).map(({ approval_id }) => approval_id)).toEqual([two]);
  });

  it('wait to be tried again, or have ended', async () => {
    const id = await decided();
    const record = (version: number, state: string, seconds: number | null) =>
      answer<boolean>('record_callback($1, $2, $3, $4, $5)', id, version, state, 'why', seconds);
    expect(await record(1, 'delivered', null)).toBe(false);
    expect(await record(2, 'waiting', 120)).toBe(true);
    expect(await rowOf(id)).toMatchObject({
      state: 'waiting',
      last_error: 'why',
      finished: false,
      minutes: 2,
    });
    expect(await record(2, 'given_up', null)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ state: 'given_up', finished: true, minutes: 0 });
    expect(await record(2, 'delivered', null)).toBe(false);
    expect(await claim(id)).toEqual([]);
  });

  it('are not made of a request that is pending, or that names nobody to call', async () => {
    const [open, silent] = [await asked({ callback_url: url }), await approved()];
    expect([await claim(open), await claim(silent)]).toEqual([[], []]);
  });
});
