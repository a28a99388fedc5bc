import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextState, stateOf, type ApprovalEvent, type ApprovalState } from '@actp/shared/approvals/state';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, digest, payload, sha } from './approvals.fixture.ts';

const stores = await openDatabase();
const calls = approvalCalls(stores.sql);

interface Model {
  state: ApprovalState;
  /** Seconds left until time changes the state by itself, where it does. */
  left: number;
}
interface Real {
  id: string;
}

const ttl = 1_000;
const grant = 300;
const unknownAfter = 500;
const timeEvent: Partial<Record<ApprovalState, ApprovalEvent>> = {
  pending: 'expire',
  approved: 'lapse',
  redeemed: 'forget',
};
const lasts: Partial<Record<ApprovalState, number>> = {
  pending: ttl,
  approved: grant,
  redeemed: unknownAfter,
};

function apply(model: Model, event: ApprovalEvent): boolean {
  const next = nextState(model.state, event);
  if (next === undefined) return false;
  model.state = next;
  model.left = lasts[next] ?? 0;
  return true;
}

// Time acts before anything else does: a call after the end meets the state that the end brought.
function settle(model: Model): void {
  const event = timeEvent[model.state];
  if (event !== undefined && event !== 'forget' && model.left <= 0) apply(model, event);
}

type Command = fc.AsyncCommand<Model, Real>;

function command(
  name: string,
  event: ApprovalEvent | undefined,
  run: (id: string) => Promise<{ result: string }>,
): Command {
  return {
    check: () => true,
    async run(model, { id }) {
      settle(model);
      const allowed = event !== undefined && apply(model, event);
      const { result } = await run(id);
      const done = ['decided', 'redeemed', 'recorded', 'cancelled'].includes(result);
      // The same report, or the same cancellation, again is the same answer.
      const again = !allowed && done && (result === 'recorded' || result === 'cancelled');
      if (!again) expect(done, `${name} answered ${result}`).toBe(allowed);
      await compare(model, id);
    },
    toString: () => name,
  };
}

async function compare(model: Model, id: string): Promise<void> {
  expect(stateOf(await calls.read(id))).toBe(model.state);
}

const commands: Array<fc.Arbitrary<Command>> = [
  fc
    .constantFrom('telegram:1', 'operator:a@b.c')
    .map((who) => command(`approve by ${who}`, 'approve', (id) => calls.decide(id, 'approved', who))),
  fc.constant(command('reject', 'reject', (id) => calls.decide(id, 'rejected'))),
  fc.constant(
    command('approve something else', undefined, (id) =>
      calls.decide(id, 'approved', 'telegram:1', sha('x')),
    ),
  ),
  fc.constant(command('cancel', 'cancel', (id) => calls.cancel(id))),
  fc.constant(command('redeem', 'redeem', (id) => calls.redeem(id, payload))),
  fc.constant(command('redeem something else', undefined, (id) => calls.redeem(id, digest))),
  fc.constant(command('report success', 'succeed', (id) => calls.outcome(id, 'succeeded'))),
  fc.constant(command('report failure', 'fail', (id) => calls.outcome(id, 'failed'))),
  fc.integer({ min: 1, max: 600 }).map((seconds) => ({
    check: () => true,
    async run(model: Model, { id }: Real) {
      await calls.elapse(id, seconds);
      model.left -= seconds;
      settle(model);
      await compare(model, id);
    },
    toString: () => `${seconds} s pass`,
  })),
  fc.constant({
    check: () => true,
    async run(model: Model, { id }: Real) {
      await calls.expire(unknownAfter);
      settle(model);
      if (model.state === 'redeemed' && model.left <= 0) apply(model, 'forget');
      await compare(model, id);
    },
    toString: () => 'sweep',
  }),
];

describe('the SQL functions against the table of states', () => {
  it('agree on every path', async () => {
    // Printed with every run, so that a green one can be repeated as well.
    const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);
    console.info(`approvals model: seed ${seed} (again: MODEL_SEED=${seed})`);
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 14 }), async (sequence) => {
        const { id } = await calls.request({ ttl_seconds: ttl, grant_seconds: grant });
        await fc.asyncModelRun(
          () => ({ model: { state: 'pending' as const, left: ttl } as Model, real: { id } }),
          sequence,
        );
      }),
      { numRuns: 200, verbose: 1, seed },
    );
  });
});
