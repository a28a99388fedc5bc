import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { actionDigest, payloadDigest } from '@actp/shared/approvals/digest';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { openVerbs, policyOf } from '../verbs.fixture.ts';
import { readApproval } from './read.ts';
import { sweepApprovals } from './sweep.ts';

const stores = await openStores();
const { deps, state, sql } = await openVerbs(stores);
const logged: Array<{ msg: string; problem?: string; rule?: string }> = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: { write: (line) => void logged.push(JSON.parse(line) as { msg: string }) },
});
const sweep = () =>
  sweepApprovals({
    db: createDb(stores.env, 'scheduler', 20_000),
    policy: () => state.policy,
    ttlSeconds: 900,
    grantSeconds: 300,
    log,
  });

/** A row as another program inserts it. */
async function insert(details: string, action = 'pay'): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_approval_queue (action, details, requested_by, expires_at)
     values ($1, $2::jsonb, 'billing', now() + interval '1 hour') returning id`,
    [action, details],
  );
  return rows[0]?.id ?? '';
}

beforeEach(async () => {
  await sweep();
  logged.length = 0;
  state.policy = policyOf('{ action: pay, approval: required, critical: true, approvers: 2 }');
});

describe('a row that another program inserted', () => {
  it('is imported once, with what people are asked and bound to', async () => {
    const id = await insert('{"amount": 5}');
    expect(await sweep()).toEqual([id]);
    const approval = await readApproval(deps.db, id);
    const bound = { action: 'pay', details: { amount: 5 }, requested_by: 'billing' };
    expect(approval).toMatchObject({
      status: 'pending',
      critical: true,
      approvers: 2,
      policy_version: state.policy.version,
      action_digest: actionDigest({ ...bound, policy_version: state.policy.version }),
    });
    const { rows } = await sql.query(
      'select payload_digest, grant_seconds from actp_approval_queue where id = $1',
      [id],
    );
    expect(rows).toEqual([{ payload_digest: payloadDigest(bound), grant_seconds: 300 }]);
    expect(logged.map(({ msg }) => msg)).toEqual(['inserted approval imported']);
    expect(await sweep()).toEqual([]);
  });

  it('is cancelled at once when the policy denies it', async () => {
    state.policy = policyOf('{ action: pay, effect: deny, when: "details.amount > 3" }');
    const [denied, allowed] = [await insert('{"amount": 5}'), await insert('{"amount": 1}')];
    expect((await sweep()).toSorted()).toEqual([denied, allowed].toSorted());
    expect(await readApproval(deps.db, denied)).toMatchObject({ status: 'cancelled' });
    expect(await readApproval(deps.db, allowed)).toMatchObject({ status: 'pending' });
    expect(logged).toContainEqual(
      expect.objectContaining({ rule: 'gate:pay', msg: 'inserted approval cancelled: the policy denies it' }),
    );
  });

  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  it.each([
    ['the action has no normal form', '{}', '  ', 'the action cannot be normalised'],
    ['a number is too long', '{"a": 12345678901234567890.5}', 'pay', 'a number cannot be kept exactly'],
    [
      'a number in a list is too long',
      '{"a": [1, {"b": 0.12345678901234567890123}]}',
      'pay',
      'a number cannot be kept exactly',
    ],
    ['it is nested too deeply', deep(65), 'pay', 'the details are nested too deeply'],
  ])('is cancelled at once when %s, and keeps no other waiting', async (_why, details, action, problem) => {
    const bad = await insert(details, action);
    const good = await insert('{}');
    expect((await sweep()).toSorted()).toEqual([bad, good].toSorted());
    expect(await readApproval(deps.db, bad)).toMatchObject({ status: 'cancelled' });
    expect(await readApproval(deps.db, good)).toMatchObject({ status: 'pending' });
    expect(logged.map((line) => line.problem).filter(Boolean)).toEqual([problem]);
  });

  it.each([deep(64), '{"a": [null, true, "x", -1.5, {"b": {}}]}'])(
    'is imported with %.60s',
    async (details) => {
      const id = await insert(details);
      expect(await sweep()).toEqual([id]);
      expect(await readApproval(deps.db, id)).toMatchObject({ status: 'pending' });
    },
  );
});

it('[SEC-011] what the clock has ended is recorded, and who waits is told', async () => {
  const id = await insert('{}');
  await sweep();
  await sql.query(
    `update actp_approval_queue set created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where id = $1`,
    [id],
  );
  expect(await sweep()).toEqual([id]);
  expect(await readApproval(deps.db, id)).toMatchObject({ status: 'expired' });
  expect(await sweep()).toEqual([]);
});
