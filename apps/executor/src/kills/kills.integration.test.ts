import { expect, it } from 'vitest';
import { runThroughKills } from './kills.fixture.ts';

// Each has processes and stores of its own, and mostly waits.
it.concurrent.each(['ledger', 'stripe'] as const)(
  '[EFF-001] nothing is lost and nothing happens twice while executors and stores are killed, with %s',
  async (payments) => {
    const trial = { payments, kills: 3, seed: 7 };
    const { asked, succeeded, failed, unknown, killed } = await runThroughKills(trial);
    expect(killed).toEqual({ executor: 1, redis: 1, postgres: 1 });
    expect(succeeded + failed).toBe(asked);
    expect(succeeded).toBeGreaterThan(0);
    expect(unknown).toBeLessThanOrEqual(failed);
  },
);
