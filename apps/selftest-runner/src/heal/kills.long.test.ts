import { expect, it } from 'vitest';
import { openHealBench } from './heal.fixture.ts';
import { tryKill } from './kills-trial.fixture.ts';

const bench = await openHealBench();

it.each(['failed', 'verified', 'proposed'] as const)(
  '[SEC-007] [SEC-008] a change that is %s ends the same, killed at whichever call to the outside',
  async (ending) => {
    const { calls, seen } = await tryKill(bench, ending, null);
    for (const [index, name] of calls.entries()) {
      for (const when of ['before', 'after'] as const) {
        const killed = await tryKill(bench, ending, { at: index + 1, when });
        expect.soft(killed.seen, `killed ${when} call ${index + 1}, ${name}`).toEqual(seen);
      }
    }
  },
);
