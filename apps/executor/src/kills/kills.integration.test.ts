import { expect, it } from 'vitest';
import { runThroughKills } from './kills.fixture.ts';

it.each(['ledger', 'stripe'] as const)(
  '[EFF-001] nothing is lost and nothing happens twice while executors and stores are killed, with %s',
  async (payments) => {
    const { asked, succeeded, failed, unknown } = await runThroughKills({ payments, kills: 6, seed: 7 });
    expect(succeeded + failed).toBe(asked);
    expect(succeeded).toBeGreaterThan(0);
    expect(unknown).toBeLessThanOrEqual(failed);
  },
);
