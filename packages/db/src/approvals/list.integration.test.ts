import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, type Approval } from './approvals.fixture.ts';

const { sql } = await openDatabase();
const calls = approvalCalls(sql);

interface Listed extends Approval {
  created_at: string;
  cut?: true;
}
interface Query {
  status?: string;
  before?: Listed;
  limit?: number;
  agent?: string;
}
async function list({ status, before, limit = 100, agent }: Query = {}): Promise<Listed[]> {
  const { rows } = await sql.query<{ page: Listed[] }>('select list_approvals($1, $2, $3, $4, $5) as page', [
    status ?? null,
    before?.created_at ?? null,
    before?.id ?? null,
    limit,
    agent ?? null,
  ]);
  return rows[0]?.page ?? [];
}
const ids = async (query: Query = {}) => (await list(query)).map(({ id }) => id);

const make = async (over: Record<string, unknown> = {}) => (await calls.request(over)).id;
const pending = await make();
const overdue = await make();
await calls.elapse(overdue, 3_601);
const expired = await make();
await calls.elapse(expired, 3_602);
await sql.query('select expire_locked_approval(q) from actp_approval_queue q where id = $1', [expired]);
const approved = await make();
await calls.decide(approved, 'approved');
const rejected = await make();
await calls.decide(rejected, 'rejected');
const cancelled = await make();
await calls.cancel(cancelled);
const foreign = (await approvalCalls(sql, 'agent-2').request()).id;
const ofThePlane = await make();
await sql.query(`update actp_approval_queue set source = 'plane' where id = $1`, [ofThePlane]);
const older = await make({ requested_by: 'agent-3' });
await sql.query('update actp_approval_queue set asked_by = null where id = $1', [older]);

describe('the list of approvals', () => {
  it.each([
    ['pending', [older, ofThePlane, foreign, pending]],
    ['expired', [overdue, expired]],
    ['approved', [approved]],
    ['rejected', [rejected]],
    ['cancelled', [cancelled]],
    ['of-no-kind', []],
  ])('is of one status: %s, where what is overdue has expired', async (status, expected) => {
    expect(await ids({ status })).toEqual(expected);
  });

  it('is of all, newest first, and of one agent alone, without what the plane asked in its name', async () => {
    const all = [older, ofThePlane, foreign, cancelled, rejected, approved, pending];
    expect((await ids()).filter((id) => id !== overdue && id !== expired)).toEqual(all);
    expect(await ids({ agent: 'agent-2' })).toEqual([foreign]);
    // Asked for before it was noted who really did.
    expect(await ids({ agent: 'agent-3' })).toEqual([older]);
    expect(await ids({ agent: 'agent-1' })).not.toContain(ofThePlane);
    expect(await ids({ agent: 'agent-1', status: 'pending' })).toEqual([pending]);
    expect(await ids({ agent: 'nobody' })).toEqual([]);
  });

  it('comes in pages, each of which goes on behind the last row of the one before', async () => {
    const everything = await ids();
    const pages: string[] = [];
    let before: Listed | undefined;
    for (;;) {
      const page = await list({ limit: 2, ...(before && { before }) });
      expect(page.length).toBeLessThanOrEqual(2);
      // Nothing was left out of a page for its size.
      expect(page.every(({ cut }) => cut === undefined)).toBe(true);
      pages.push(...page.map(({ id }) => id));
      before = page.at(-1);
      if (before === undefined) break;
    }
    expect(pages).toEqual(everything);
  });

  it('tells apart what was asked for at the same moment', async () => {
    await sql.query('update actp_approval_queue set created_at = $2 where id = any ($1)', [
      [pending, approved, rejected],
      '2020-01-01T00:00:00Z',
    ]);
    const expected = [pending, approved, rejected].toSorted().toReversed();
    const page = await list();
    expect(page.slice(-3).map(({ id }) => id)).toEqual(expected);
    const first = page.at(-3);
    if (first === undefined) throw new Error('three are there');
    expect(await ids({ before: first })).toEqual(expected.slice(1));
  });

  it('ends a page where it gets too long, and says so', async () => {
    const text = 'x'.repeat(600_000);
    const long = [await make(), await make(), await make()];
    await sql.query(
      `update actp_approval_queue set details = jsonb_build_object('text', $2::text) where id = any ($1)`,
      [long, text],
    );
    const page = await list({ limit: 3 });
    expect(page.map(({ id, cut }) => [id, cut])).toEqual([
      [long[2], undefined],
      [long[1], true],
    ]);
    const [, last] = page;
    if (last === undefined) throw new Error('two are there');
    expect((await ids({ before: last, limit: 1 }))[0]).toBe(long[0]);
  });
});
