import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { createDb } from '@actp/db/client';
import { leastReached } from './spend.fixture.ts';
import { createSpend, releaseStaleSpend, type SpendRequest } from './spend.ts';

const stores = await openStores();
// What a test does itself is not to fail because the machine is busy.
const db = createDb(stores.env, 'scheduler', 20_000);
const spend = createSpend(db);

async function newUser(): Promise<string> {
  const { rows } = await stores.sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash) values ($1, 'x') returning id`,
    [`${randomUUID()}@example.com`],
  );
  return rows[0]?.id ?? '';
}
const of = (userId: string, over: Partial<SpendRequest> = {}): SpendRequest => ({
  id: randomUUID(),
  userId,
  agent: 'purchase',
  amountMinor: 1_000,
  budgetMinor: 500_000,
  ttlSeconds: 600,
  ...over,
});
/** Straight, so that races are as tight as they get. */
const reserveNow = async (request: SpendRequest) => {
  const { rows } = await stores.sql.query<{ answer: { result: string } }>(
    `select reserve_spend($1, '{}') as answer`,
    [
      {
        id: request.id,
        user_id: request.userId,
        agent: request.agent,
        amount_minor: request.amountMinor,
        budget_minor: request.budgetMinor,
        ttl_seconds: request.ttlSeconds,
      },
    ],
  );
  return rows[0]?.answer.result;
};
const lapse = (id: string) =>
  stores.sql.query(
    `update actp_spend_reservations set expires_at = now() - interval '1 second' where id = $1`,
    [id],
  );
/** What the reservations say, beside what the day's row says. */
const sums = async (userId: string) => {
  const { rows } = await stores.sql.query<{ spent: number; reserved: number }>(
    `select coalesce(sum(committed_minor), 0)::int as spent,
       coalesce(sum(amount_minor) filter (where state = 'reserved'), 0)::int as reserved
     from actp_spend_reservations where user_id = $1`,
    [userId],
  );
  return rows[0];
};

describe('a daily budget', () => {
  it('[POL-001] is never overshot, however many reserve at the same moment', async () => {
    const [one, two] = await Promise.all([newUser(), newUser()]);
    const results = await Promise.all(
      Array.from({ length: 600 }, (_, n) =>
        reserveNow(of(n % 2 ? one : two, { amountMinor: 1_777, budgetMinor: 100_000 })),
      ),
    );
    // 56 x 1,777 = 99,512
    expect(results.filter((result) => result === 'reserved')).toHaveLength(2 * 56);
    for (const user of [one, two]) {
      expect(await spend.read(user)).toMatchObject({ spent_minor: 0, reserved_minor: 99_512 });
    }
  });

  it('[POL-009] refuses what is above it, changes nothing, and records that as a violation', async () => {
    const user = await newUser();
    const request = of(user, { amountMinor: 500_001 });
    expect(await spend.reserve(request)).toEqual({ result: 'over_budget' });
    expect(await spend.read(user)).toMatchObject({ reserved_minor: 0 });
    const { rows } = await stores.sql.query(
      `select action_type from actp_agent_audit_log where result ->> 'reservation' = $1 order by action_type`,
      [request.id],
    );
    expect(rows).toEqual([{ action_type: 'security.policy_violation' }, { action_type: 'spend.reserve' }]);
    // With more budget the same one can be made.
    expect((await spend.reserve({ ...request, budgetMinor: 500_001 })).result).toBe('reserved');
  });

  it('takes the same reservation once, however often it comes', async () => {
    const user = await newUser();
    const request = of(user);
    const results = await Promise.all(Array.from({ length: 50 }, () => reserveNow(request)));
    expect(results.filter((result) => result === 'reserved')).toHaveLength(1);
    expect(results.filter((result) => result === 'known')).toHaveLength(49);
    expect((await spend.reserve({ ...request, amountMinor: 1 })).result).toBe('mismatch');
    expect(await spend.read(user)).toMatchObject({ reserved_minor: 1_000 });
  });

  it('counts what was committed, and gives the rest back', async () => {
    const user = await newUser();
    const request = of(user, { taskId: randomUUID() });
    await spend.reserve(request);
    expect((await spend.commit(request.id, 1_001)).result).toBe('above_reservation');
    expect((await spend.commit(request.id, 400)).result).toBe('committed');
    expect((await spend.commit(request.id, 400)).result).toBe('known');
    expect((await spend.commit(request.id, 399)).result).toBe('mismatch');
    expect((await spend.release(request.id)).result).toBe('committed');
    expect((await spend.reserve(request)).result).toBe('known');
    expect(await spend.read(user)).toEqual({
      day: new Date().toISOString().slice(0, 10),
      spent_minor: 400,
      reserved_minor: 0,
      by_agent: { purchase: 400 },
    });
    const { rows } = await stores.sql.query(
      `select action_type, status from actp_agent_audit_log where task_id = $1 order by id`,
      [request.taskId],
    );
    expect(rows).toEqual([
      { action_type: 'spend.reserve', status: 'ok' },
      { action_type: 'spend.commit', status: 'denied' },
      { action_type: 'spend.commit', status: 'ok' },
      { action_type: 'spend.commit', status: 'denied' },
    ]);
  });

  it('releases once, and commits nothing after that', async () => {
    const user = await newUser();
    const request = of(user);
    await spend.reserve(request);
    const released = await Promise.all(Array.from({ length: 10 }, () => spend.release(request.id)));
    expect(released.filter(({ result }) => result === 'released')).toHaveLength(1);
    expect((await spend.commit(request.id, 10)).result).toBe('released');
    expect(await spend.read(user)).toMatchObject({ spent_minor: 0, reserved_minor: 0 });
    expect((await spend.release(randomUUID())).result).toBe('not_found');
    expect((await spend.commit(randomUUID(), 1)).result).toBe('not_found');
  });

  it('has one winner between commit, release and the sweep', async () => {
    const user = await newUser();
    const requests = Array.from({ length: 30 }, () => of(user, { amountMinor: 100 }));
    await Promise.all(requests.map(reserveNow));
    await Promise.all(requests.map(({ id }) => lapse(id)));
    const [commits, releases, swept] = await Promise.all([
      Promise.all(requests.map(({ id }) => spend.commit(id, 60))),
      Promise.all(requests.map(({ id }) => spend.release(id))),
      releaseStaleSpend(db, 1_000),
    ]);
    const committed = commits.filter(({ result }) => result === 'committed').length;
    const released = releases.filter(({ result }) => result === 'released').length;
    expect(committed + released + swept.length).toBe(30);
    expect(await spend.read(user)).toMatchObject({ spent_minor: committed * 60, reserved_minor: 0 });
  });

  it('gets back what a holder reserved that died before it committed', async () => {
    const user = await newUser();
    const [dead, alive] = [of(user, { budgetMinor: 1_500 }), of(user, { budgetMinor: 1_500 })];
    await spend.reserve(dead);
    expect((await spend.reserve(alive)).result).toBe('over_budget');
    await lapse(dead.id);
    expect(await releaseStaleSpend(db, 100)).toEqual([dead.id]);
    expect(await releaseStaleSpend(db, 100)).toEqual([]);
    expect((await spend.commit(dead.id, 1)).result).toBe('released');
    expect((await spend.reserve(alive)).result).toBe('reserved');
  });

  it('is of a day in UTC: what was reserved yesterday is committed to yesterday', async () => {
    const user = await newUser();
    const request = of(user);
    await spend.reserve(request);
    // The day goes by.
    await stores.sql.query(
      'insert into actp_daily_spend select user_id, day - 1, spent_minor, reserved_minor from actp_daily_spend where user_id = $1',
      [user],
    );
    await stores.sql.query('update actp_spend_reservations set day = day - 1 where user_id = $1', [user]);
    await stores.sql.query(
      `delete from actp_daily_spend where user_id = $1 and day = (now() at time zone 'UTC')::date`,
      [user],
    );
    expect((await spend.commit(request.id, 1_000)).result).toBe('committed');
    expect(await spend.read(user)).toMatchObject({ spent_minor: 0, reserved_minor: 0, by_agent: {} });
    expect((await spend.reserve(of(user, { amountMinor: 500_000 }))).result).toBe('reserved');
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53 + 2, 1e300])(
    'takes no amount of %d, neither here nor in the database',
    async (amount) => {
      const user = await newUser();
      const request = of(user);
      await spend.reserve(request);
      await expect(spend.reserve(of(user, { amountMinor: amount }))).rejects.toMatchObject({
        code: 'validation_failed',
        fields: [{ field: 'amount_minor' }],
      });
      await expect(spend.commit(request.id, amount)).rejects.toMatchObject({ code: 'validation_failed' });
      await expect(
        stores.sql.query(`select commit_spend($1, $2::numeric, '{}')`, [request.id, String(amount)]),
      ).rejects.toThrow('amount_minor must be a whole number');
      for (const field of ['amount_minor', 'budget_minor']) {
        const body = { amount_minor: 1, budget_minor: 1, [field]: String(amount) };
        await expect(
          stores.sql.query(`select reserve_spend($1, '{}')`, [
            { id: randomUUID(), user_id: user, agent: 'a', ttl_seconds: 1, ...body },
          ]),
        ).rejects.toThrow(`${field} must be a whole number`);
      }
      await expect(
        stores.sql.query(`select reserve_spend($1, '{}')`, [
          { id: randomUUID(), user_id: user, agent: 'a', ttl_seconds: 1, amount_minor: '5', budget_minor: 9 },
        ]),
      ).rejects.toThrow('must be numbers');
      expect(await spend.read(user)).toMatchObject({ spent_minor: 0, reserved_minor: 1_000 });
    },
  );

  it('does as a model of it does, whatever comes in whatever order', async () => {
    const step = fc.record({
      do: fc.constantFrom('reserve', 'reserve', 'reserve', 'commit', 'commit', 'release', 'sweep'),
      which: fc.nat({ max: 2 }),
      amount: fc.integer({ min: 10, max: 70 }),
      // Of what is reserved: otherwise hardly any commit would fit.
      share: fc.constantFrom(0.5, 1, 1, 1, 2),
      again: fc.boolean(),
    });
    const reached = new Map<string, number>();
    const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 16 }), async (steps) => {
        const user = await newUser();
        const ids = Array.from({ length: 3 }, () => randomUUID());
        const model = new Map<string, { state: string; amount: number; spent: number }>();
        const total = () =>
          [...model.values()].reduce(
            (sum, one) => sum + (one.state === 'reserved' ? one.amount : one.spent),
            0,
          );
        for (const now of steps) {
          const id = ids[now.which] ?? '';
          const known = model.get(id);
          if (now.do === 'reserve') {
            const amount = known && now.again ? known.amount : now.amount;
            const { result } = await spend.reserve(of(user, { id, amountMinor: amount, budgetMinor: 100 }));
            count(`reserve: ${result}`);
            if (known) expect(result).toBe(known.amount === amount ? 'known' : 'mismatch');
            else if (total() + amount > 100) expect(result).toBe('over_budget');
            else {
              expect(result).toBe('reserved');
              model.set(id, { state: 'reserved', amount, spent: 0 });
            }
          } else if (now.do === 'commit') {
            const amount = Math.floor((known?.amount ?? now.amount) * now.share);
            const { result } = await spend.commit(id, amount);
            count(`commit: ${result}`);
            if (!known) expect(result).toBe('not_found');
            else if (known.state === 'released') expect(result).toBe('released');
            else if (known.state === 'committed')
              expect(result).toBe(known.spent === amount ? 'known' : 'mismatch');
            else if (amount > known.amount) expect(result).toBe('above_reservation');
            else {
              expect(result).toBe('committed');
              Object.assign(known, { state: 'committed', spent: amount });
            }
          } else if (now.do === 'release') {
            const { result } = await spend.release(id);
            count(`release: ${result}`);
            if (!known) expect(result).toBe('not_found');
            else if (known.state === 'reserved') {
              expect(result).toBe('released');
              known.state = 'released';
            } else expect(result).toBe(known.state === 'released' ? 'known' : 'committed');
          } else if (known?.state === 'reserved') {
            await lapse(id);
            expect(await releaseStaleSpend(db, 100)).toEqual([id]);
            count('sweep: released');
            known.state = 'released';
          }
          const day = await spend.read(user);
          expect(day.spent_minor + day.reserved_minor).toBe(total());
          expect(await sums(user)).toEqual({ spent: day.spent_minor, reserved: day.reserved_minor });
        }
      }),
      { numRuns: 16, seed: 5 },
    );
    // Without these the model would agree with anything.
    for (const [what, least] of Object.entries(leastReached)) {
      expect(reached.get(what) ?? 0, what).toBeGreaterThanOrEqual(least);
    }
  });
});
