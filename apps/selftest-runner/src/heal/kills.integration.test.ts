import { expect, it } from 'vitest';
import { openHealBench } from './heal.fixture.ts';
import type { Death } from './kills.fixture.ts';
import { tryKill } from './kills-trial.fixture.ts';

const bench = await openHealBench();

// Between verdict, undo and end; the long test holds every call.
const points = {
  failed: ['after the second move_heal', 'before finish_heal', 'after finish_heal'],
  verified: ['after the second move_heal', 'after finish_heal'],
  proposed: ['after git update-ref', 'after request_approval', 'before finish_heal'],
} as const;
const ordinals = { '': 1, 'the second ': 2 } as const;

function deathAt(calls: readonly string[], point: string): Death {
  const [, when, ordinal = '', name] = /^(before|after) (the \w+ )?(.+)$/.exec(point) ?? [];
  const places = calls.flatMap((call, index) => (call === name ? [index + 1] : []));
  const at = places[ordinals[ordinal as keyof typeof ordinals] - 1];
  if (at === undefined) throw new Error(`nothing is killed ${point}: ${calls.join(', ')}`);
  return { at, when: when === 'after' ? 'after' : 'before' };
}

it.each(['failed', 'verified', 'proposed'] as const)(
  '[SEC-007] [SEC-008] a change that is %s ends as if nobody had been killed between verdict, undo and end',
  async (ending) => {
    const { calls, seen } = await tryKill(bench, ending, null);
    expect(seen).toMatchObject({
      state: ending === 'failed' ? 'not_healed' : 'healed',
      text: ending === 'verified' ? 'good\n' : 'bad\n',
      ...{ heals: 1, starts: 1, verdicts: 1, messages: 1, kept: [], files: ['state.txt'] },
      approvals: ending === 'proposed' ? 1 : 0,
      proposed: ending === 'proposed' ? 'fix: repair state' : '',
      patch: ending !== 'verified',
    });
    for (const point of points[ending]) {
      const killed = await tryKill(bench, ending, deathAt(calls, point));
      expect(killed.seen, `killed ${point}`).toEqual(seen);
    }
  },
);
