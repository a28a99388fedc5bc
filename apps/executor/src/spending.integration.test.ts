import { describe, expect, it } from 'vitest';
import { partsOfTest } from './agents.fixture.ts';
import { openExecutor } from './executor.fixture.ts';

const bench = await openExecutor();

describe('[POL-001] spending', () => {
  it('above what the task may spend is refused before anything is done, and audited', async () => {
    await bench.start();
    const user = await bench.user();
    await expect(bench.ask(user, 'read birds', { maxSpend: 1_000.001 })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    const id = await bench.ask(user, 'read dear', { maxSpend: 19.99 });
    expect(await bench.ended(id)).toMatchObject({
      status: 'failed',
      error_code: 'above_max_spend',
      cost_usd: 0,
    });
    expect((await bench.audited(id)).map(({ action_type }) => action_type)).toContain(
      'security.policy_violation',
    );
    expect(await bench.spend(user.id)).toEqual({ spent: 0, reserved: 0 });
  });

  it('of a model that understood the prompt stays, whatever a person decides', async () => {
    const parts = partsOfTest({ resendUrl: bench.resend.url });
    const asked: boolean[] = [];
    await bench.start({
      parts: {
        ...parts,
        parseIntent: async (prompt, mayCost, signal) => {
          asked.push(mayCost);
          return { ...(await parts.parseIntent(prompt, mayCost, signal)), costMinor: 1.5 };
        },
      },
    });
    const user = await bench.user();
    const id = await bench.ask(user, 'mail r@example.com');
    const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
    await bench.decide(approval_id, 'rejected');
    expect(await bench.ended(id)).toMatchObject({ status: 'rejected', cost_usd: 0.02 });
    expect(await bench.spend(user.id)).toEqual({ spent: 2, reserved: 0 });
    // Where nothing may be spent, no model is asked.
    await bench.ended(await bench.ask(user, 'read birds', { maxSpend: 0 }));
    expect(asked).toEqual([true, false]);
  });

  it('that is not known counts as the most that the task may spend', async () => {
    await bench.start({ env: { DAILY_BUDGET: '100' } });
    const user = await bench.user();
    const id = await bench.ask(user, 'read unpriced');
    expect(await bench.ended(id)).toMatchObject({ status: 'failed', error_code: 'over_budget' });
    const small = await bench.ask(user, 'read unpriced', { maxSpend: 10 });
    expect(await bench.ended(small)).toMatchObject({ status: 'succeeded', cost_usd: 0.01 });
  });
});
