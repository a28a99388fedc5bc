import { expect, it } from 'vitest';
import type { Approval } from './approval.ts';
import { begunBefore, refusalOf, usedOf } from './refusal.ts';

const base = { id: '7', status: 'approved', outcome: null, redeemed_at: null, lapsed_at: null };
const approvalWith = (fields: object) => ({ ...base, ...fields }) as Approval;
const at = '2026-11-26T00:00:00Z';

it.each<[object, string, RegExp]>([
  [{ status: 'rejected' }, 'approval_rejected', /^a person said no; /],
  [{ status: 'expired' }, 'approval_expired', /^nobody decided in time; /],
  [{ status: 'cancelled' }, 'approval_cancelled', /^the question was taken back; /],
  [{ lapsed_at: at }, 'approval_lapsed', /^the grant was not redeemed in time; /],
  [{ redeemed_at: at }, 'outcome_unknown', /^this was begun before and its outcome is not known: /],
  [{ redeemed_at: at, outcome: 'unknown' }, 'outcome_unknown', /^this was begun before /],
  [{ redeemed_at: at, outcome: 'succeeded' }, 'work_finished', /^this was done before and succeeded; /],
  [{ redeemed_at: at, outcome: 'failed' }, 'work_finished', /^this was done before and failed; /],
  // Ended without having been redeemed here: an operator has said how it ended.
  [{ outcome: 'succeeded' }, 'work_finished', /^this was done before and succeeded; /],
  // Used, which says more than that it was not used in time.
  [{ redeemed_at: at, lapsed_at: at }, 'outcome_unknown', /^this was begun before /],
])('an approval with %j does not allow acting: %s', (fields, code, words) => {
  const cause = new Error('the refusal of the gateway');
  const refusal = refusalOf(approvalWith(fields), { cause });
  expect(refusal).toMatchObject({ code, cause, approval: approvalWith(fields) });
  expect(refusal?.message).toMatch(words);
  expect(refusal?.message).toContain('another workId');
  expect(refusal?.message).toMatch(/ \(approval 7\)$/);
});

it.each([{ status: 'pending' }, {}, { outcome: 'unknown' }])(
  'an approval with %j is no refusal',
  (fields) => {
    expect(refusalOf(approvalWith(fields))).toBeUndefined();
    expect(usedOf(approvalWith(fields))).toBeUndefined();
  },
);

it('work that the policy allowed is named by no approval', () => {
  const refusal = begunBefore('failed', undefined);
  expect(refusal).toMatchObject({ code: 'work_finished', approval: undefined });
  expect(refusal.message).not.toContain('(approval');
});
