import { expect, it } from 'vitest';
import type { Stores } from '@actp/testing/stores';
import { approvalCalls, type Answer } from './approvals.fixture.ts';

/** Registers the races on real Postgres, each of them run for so many approvals at once. */
export function races(stores: Pick<Stores, 'sql'>, rounds: number): void {
  const calls = approvalCalls(stores.sql);

  /** Many approvals, for each of them several calls at the same moment. */
  async function race(over: Record<string, unknown>, contestants: Array<(id: string) => Promise<Answer>>) {
    const approvals = await Promise.all(Array.from({ length: rounds }, () => calls.request(over)));
    return Promise.all(
      approvals.map(async ({ id }, round) => {
        // Another order each time, so that everybody is first sometimes.
        const order = contestants.map((_, i) => (i + round) % contestants.length);
        const results: string[] = Array.from({ length: contestants.length }, () => '');
        await Promise.all(
          order.map(async (who) => {
            const contestant = contestants[who];
            if (contestant) results[who] = (await contestant(id)).result;
          }),
        );
        return { id, results };
      }),
    );
  }

  const approve = (actor: string) => (id: string) => calls.decide(id, 'approved', actor);
  const reject = (actor: string) => (id: string) => calls.decide(id, 'rejected', actor);

  it('has exactly one winner when several people decide at once, and names who and when', async () => {
    const done = await race({}, [approve('telegram:1'), reject('telegram:2'), approve('operator:a@b.c')]);
    for (const { id, results } of done) {
      expect(results.filter((r) => r === 'decided')).toHaveLength(1);
      expect(results.filter((r) => r === 'already_decided')).toHaveLength(2);
      const winner = ['telegram:1', 'telegram:2', 'operator:a@b.c'][results.indexOf('decided')];
      expect(await calls.read(id)).toMatchObject({ decided_by: winner, decided_at: expect.any(String) });
    }
    const { rows } = await stores.sql.query(
      `select count(*)::int as n from actp_agent_audit_log
       where action_type = 'approval.decide' and status = 'ok' and created_at is not null`,
    );
    expect(rows[0]?.n).toBe(rounds);
  });

  it('has exactly one winner between a decision and a cancellation', async () => {
    const done = await race({}, [approve('telegram:1'), (id) => calls.cancel(id)]);
    for (const { results } of done) {
      expect([
        ['decided', 'already_decided'],
        ['already_decided', 'cancelled'],
      ]).toContainEqual(results);
    }
  });

  it('redeems once, however many try at once', async () => {
    const approvals = await Promise.all(Array.from({ length: rounds }, () => calls.request()));
    await Promise.all(approvals.map(({ id }) => calls.decide(id, 'approved')));
    await Promise.all(
      approvals.map(async ({ id }) => {
        const results = await Promise.all(Array.from({ length: 4 }, () => calls.redeem(id)));
        expect(results.map((r) => r.result).sort()).toEqual([
          'already_redeemed',
          'already_redeemed',
          'already_redeemed',
          'redeemed',
        ]);
      }),
    );
  });

  it('[SEC-011] never decides after expiry: at the boundary either the decision or the expiry wins', async () => {
    const approvals = await Promise.all(Array.from({ length: rounds }, () => calls.request()));
    // All of them end within the next moments, each at another one.
    await stores.sql.query(
      `update actp_approval_queue set expires_at = clock_timestamp() + random() * interval '700 milliseconds'
       where id = any ($1)`,
      [approvals.map((a) => a.id)],
    );
    const late = Date.now() + 800;
    while (Date.now() < late) {
      await Promise.all([
        ...approvals.map(({ id }) => (Math.random() < 0.05 ? calls.decide(id, 'approved') : undefined)),
        calls.expire(),
      ]);
    }
    await calls.expire();
    let decided = 0;
    for (const { id } of approvals) {
      const a = await calls.read(id);
      expect(['approved', 'expired']).toContain(a.status);
      if (a.status === 'approved') {
        decided += 1;
      }
    }
    // Asked of the database, which counts microseconds.
    const { rows: tooLate } = await stores.sql.query(
      `select id from actp_approval_queue where id = any ($1) and status = 'approved' and decided_at >= expires_at`,
      [approvals.map((a) => a.id)],
    );
    expect(tooLate).toEqual([]);
    // Both happened, so the race was one.
    expect(decided).toBeGreaterThan(0);
    expect(decided).toBeLessThan(rounds);
  });

  it('needs two different people where two are wanted', async () => {
    const done = await race({ approvers: 2 }, [
      approve('telegram:1'),
      approve('telegram:1'),
      approve('telegram:2'),
    ]);
    for (const { id, results } of done) {
      expect(results.filter((r) => r === 'decided')).toHaveLength(1);
      const { rows } = await stores.sql.query(
        'select actor from actp_approval_votes where approval_id = $1',
        [id],
      );
      expect(rows.map((r: { actor: string }) => r.actor).sort()).toEqual(['telegram:1', 'telegram:2']);
    }
    const alone = await calls.request({ approvers: 2 });
    await calls.decide(alone.id, 'approved', 'telegram:1');
    await calls.decide(alone.id, 'approved', 'telegram:1');
    expect((await calls.redeem(alone.id)).result).toBe('not_approved');
    // One no is enough.
    expect((await calls.decide(alone.id, 'rejected', 'telegram:2')).result).toBe('decided');
  });
}
