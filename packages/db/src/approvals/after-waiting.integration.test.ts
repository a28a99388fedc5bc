import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { answerAfterWaiting } from '../waits.fixture.ts';
import { auditedCalls, operator } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, card, press, lift, asked, approved } = auditedCalls(sql);

/** Another one has the row for so long that time is over when it comes free. */
const whileTimePasses = (id: string, over: string, call: (id: string) => Promise<{ result: string }>) =>
  answerAfterWaiting(
    sql,
    {
      lock: ['select from actp_approval_queue where id = $1 for update', id],
      meanwhile: [over, id],
    },
    () => call(id),
  );
const expires = 'update actp_approval_queue set expires_at = clock_timestamp() where id = $1';
const lapses = `update actp_approval_queue set decided_at = clock_timestamp() - make_interval(secs => grant_seconds) where id = $1`;

describe('[SEC-011] whoever has waited for an approval acts at the time when it came free', () => {
  it.each<[what: string, call: (id: string) => Promise<{ result: string }>]>([
    ['a yes', (id) => calls.decide(id, 'approved')],
    ['a no', (id) => calls.decide(id, 'rejected')],
    ['a withdrawal', (id) => calls.cancel(id)],
  ])('%s is too late', async (_what, call) => {
    const id = await asked();
    expect((await whileTimePasses(id, expires, call)).result).toBe('expired');
    expect(await calls.read(id)).toMatchObject({ status: 'expired', version: 2 });
  });

  it('a permission has lapsed', async () => {
    const id = await approved();
    expect((await whileTimePasses(id, lapses, calls.redeem)).result).toBe('lapsed');
    expect((await calls.read(id)).redeemed_at).toBeNull();
  });

  it('the second of two presses comes after a minute', async () => {
    const id = await asked({ critical: true });
    await card(id);
    await press(id, false);
    const late = `update actp_approval_first_presses set pressed_at = clock_timestamp() - interval '1 minute' where approval_id = $1`;
    expect((await whileTimePasses(id, late, () => press(id, true))).result).toBe('confirm_expired');
    expect((await calls.read(id)).status).toBe('pending');
  });
});

describe('[SEC-012] a switch that is being set is waited for, and counts', () => {
  afterEach(lift);

  it.each<[what: string, arrange: () => Promise<string>, call: (id: string) => Promise<{ result: string }>]>([
    ['a yes', asked, (id) => calls.decide(id, 'approved')],
    ['a no', asked, (id) => calls.decide(id, 'rejected')],
    ['a permission', approved, calls.redeem],
  ])('by %s', async (_what, arrange, call) => {
    const id = await arrange();
    const before = await calls.read(id);
    const lock = [`select set_kill_switch('action:dm.*', 'test', $1, '{}')`, operator] as const;
    expect((await answerAfterWaiting(sql, { lock }, () => call(id))).result).toBe('kill_switch');
    expect(await calls.read(id)).toEqual(before);
  });
});
