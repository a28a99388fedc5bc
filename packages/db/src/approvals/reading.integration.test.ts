import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { auditedCalls, operator, other } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, asked, approved, redeemed } = auditedCalls(sql);

const nobody = { decided_by: null, decided_by_name: null, decided_at: null, grant_expires_at: null };
const somebody = { decided_by: operator, decided_by_name: 'op@example.com', decided_at: expect.any(String) };

it.each<[what: string, arrange: () => Promise<string>, read: object]>([
  ['that waits', asked, { status: 'pending', approvers: 1, approvals: 0, ...nobody }],
  [
    'that one of two people has approved',
    async () => {
      const id = await asked({ approvers: 2 });
      await calls.decide(id, 'approved', other);
      return id;
    },
    { status: 'pending', approvers: 2, approvals: 1, ...nobody },
  ],
  ['that was approved', approved, { approvals: 1, ...somebody, grant_expires_at: expect.any(String) }],
  [
    'that was rejected',
    async () => {
      const id = await asked();
      await calls.decide(id, 'rejected', operator);
      return id;
    },
    { status: 'rejected', approvals: 0, ...somebody, grant_expires_at: null },
  ],
  [
    'that was used',
    redeemed,
    { ...somebody, redeemed_at: expect.any(String), lapsed_at: null, outcome: null, outcome_at: null },
  ],
])(
  'a request %s is read with who has decided, by name, and until when that holds',
  async (_what, arrange, read) => {
    expect(await calls.read(await arrange())).toMatchObject({
      ...{ agent_id: 'agent-1', requested_by: 'agent-1', source: 'http', critical: false, cost_usd: null },
      ...read,
    });
  },
);

it('a permission holds as long as was asked for, from the decision on', async () => {
  const id = await approved({ grant_seconds: 90 });
  const { rows } = await sql.query<{ seconds: number }>(
    `select extract(epoch from (a ->> 'grant_expires_at')::timestamptz - (a ->> 'decided_at')::timestamptz)::int as seconds
     from read_approval($1) a`,
    [id],
  );
  expect(rows).toEqual([{ seconds: 90 }]);
});
