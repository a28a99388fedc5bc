import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';

const { sql } = await openDatabase();
const approvals = approvalCalls(sql);

// Made while nothing is held.
const approved = async () => {
  const approval = await approvals.request();
  await approvals.decide(approval.id, 'approved');
  return approval.id;
};
const pending = (await approvals.request()).id;
const [redeemed, lapsed] = [await approved(), await approved()];
await approvals.redeem(redeemed);
await sql.query(`update actp_approval_queue set lapsed_at = now() where id = $1`, [lapsed]);
await sql.query(
  `insert into actp_users (email, password_hash, role, disabled_at)
   values ('user@b.c', 'x', 'user', null), ('gone@b.c', 'x', 'user', now())`,
);
await sql.query(
  `insert into actp_approval_first_presses (approval_id, actor, pressed_at) values ($1, 'telegram:1', now() - interval '1 minute')`,
  [pending],
);
await sql.query(
  `update actp_audit.plane set held_code = 'behind', held_reason = 'it is older', held_at = now(), held_stopped = '[]'`,
);

/** Whoever writes it, and through whichever function. */
describe('a held database refuses to', () => {
  it.each<[what: string, statement: string]>([
    [
      'approve',
      `update actp_approval_queue set status = 'approved', decided_by = 'a', decided_at = now() where id = '${pending}'`,
    ],
    [
      'reject',
      `update actp_approval_queue set status = 'rejected', decided_by = 'a', decided_at = now() where id = '${pending}'`,
    ],
    [
      'redeem another time',
      `update actp_approval_queue set redeemed_at = now() + interval '1 minute' where id = '${redeemed}'`,
    ],
    [
      'give another permission',
      `update actp_approval_queue set grant_id = gen_random_uuid() where id = '${redeemed}'`,
    ],
    [
      'bring a permission back that has lapsed',
      `update actp_approval_queue set lapsed_at = null where id = '${lapsed}'`,
    ],
    ['count a first press anew', `update actp_approval_first_presses set pressed_at = now()`],
    [
      'invite',
      `update actp_users set invite_hash = sha256('x'), invite_expires_at = now() + interval '1 hour' where email = 'user@b.c'`,
    ],
    ['make somebody an operator', `update actp_users set role = 'operator' where email = 'user@b.c'`],
    ['let somebody in again', `update actp_users set disabled_at = null where email = 'gone@b.c'`],
  ])('%s', async (_what, statement) => {
    await expect(sql.query(statement)).rejects.toMatchObject({ code: 'AC503' });
  });

  it('and lets what only takes rights away through', async () => {
    await sql.query(`update actp_users set disabled_at = now() where email = 'user@b.c'`);
    await sql.query(`update actp_approval_queue set lapsed_at = now() where id = '${lapsed}'`);
  });
});
