import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinalPhase, nextPhase, phaseOf, type HealEvent, type HealPhase } from '@actp/shared/heals/state';
import { openDatabase } from '@actp/testing/stores';
import { healCalls } from './heals.fixture.ts';

const stores = await openDatabase();
const calls = healCalls(stores.sql);

interface Model {
  phase: HealPhase;
}
interface Real {
  id: string;
}
type Command = fc.AsyncCommand<Model, Real>;

const events = Object.keys(calls.perform) as HealEvent[];

const command = (name: string, choose: (phase: HealPhase) => HealEvent | undefined): Command => ({
  check: (model) => choose(model.phase) !== undefined,
  async run(model, { id }) {
    const event = choose(model.phase);
    if (event === undefined) return;
    model.phase = nextPhase(model.phase, event) ?? model.phase;
    await calls.perform[event](id);
    const heal = await calls.read(id);
    expect(phaseOf(heal)).toBe(model.phase);
    expect(heal.finished_at !== null).toBe(isFinalPhase(model.phase));
    // Nobody waits for a heal that is over, and no heal is under way without the coding agent.
    expect(heal.holds_acd).toBe(model.phase !== 'queued' && !isFinalPhase(model.phase));
    // What the limits count is kept for good once the agent was called.
    if (['sent', 'wait', 'verify', 'healed'].includes(model.phase)) expect(heal.attempted_at).not.toBeNull();
  },
  toString: () => name,
});

// Steps that are allowed are frequent, so that sequences get far; those that end a heal come last in the table.
const allowedStep = fc
  .nat({ max: 2 })
  .map((at) =>
    command(`allowed ${at}`, (phase) => events.filter((event) => nextPhase(phase, event) !== undefined)[at]),
  );
const anyStep = fc.constantFrom(...events).map((event) => command(event, () => event));
const onward = fc.constant(
  command('onward', (phase) =>
    events.find((event) => event !== 'unsend' && nextPhase(phase, event) !== undefined),
  ),
);
const commands = fc.oneof(
  { weight: 4, arbitrary: onward },
  { weight: 3, arbitrary: anyStep },
  { weight: 1, arbitrary: allowedStep },
);

describe('the SQL functions against the table of heal phases', () => {
  it('agree on every path', async () => {
    // Printed with every run, so that a green one can be repeated as well.
    const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);
    console.info(`heals model: seed ${seed} (again: MODEL_SEED=${seed})`);
    await fc.assert(
      fc.asyncProperty(fc.commands([commands], { maxCommands: 20, size: 'max' }), async (sequence) => {
        const id = await calls.open();
        const model: Model = { phase: 'queued' };
        await fc.asyncModelRun(() => ({ model, real: { id } }), sequence);
      }),
      { numRuns: 100, verbose: 1, seed },
    );
  });
});
