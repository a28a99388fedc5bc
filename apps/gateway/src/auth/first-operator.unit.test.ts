import { describe, expect, it } from 'vitest';
import type { Db } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { eventually as ask } from '@actp/testing/eventually';
import { ensureFirstOperator } from './first-operator.ts';

// Soon, so that what is never tried again does not hold up its test.
const eventually = (what: () => boolean) => ask(what, { within: 10_000 });

/** Makes the account in a database that is away for the first so many calls. */
function start(awayFor: number) {
  const state = { calls: 0 };
  const logged: string[] = [];
  const db = {
    call: async () => {
      state.calls += 1;
      if (state.calls <= awayFor) throw new Error('away');
      return true;
    },
  } as unknown as Db; // whatever it is asked, it says the same
  const destination = { write: (line: string) => void logged.push(line) };
  const log = createLogger({ app: 'test', level: 'warn', destination });
  const account = { email: 'op@example.com', password: 'a long enough passphrase' };
  return { state, logged, operator: ensureFirstOperator({ db, log }, account, 1) };
}

describe('the account of the first operator, while the database is away', () => {
  it('is tried until it is there, and each failure is logged', async () => {
    const { operator, state, logged } = start(2);
    await eventually(() => operator.isDone());
    operator.stop();
    expect(state.calls).toBe(3);
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { msg: 'the first operator account is still to be made', err: { message: 'away' } },
      { msg: 'the first operator account is still to be made', err: { message: 'away' } },
    ]);
  });

  it('is tried no more once that was given up, whether it is under way or waited for', async () => {
    const [early, late, other] = [start(Infinity), start(Infinity), start(Infinity)];
    early.operator.stop();
    await eventually(() => late.logged.length > 0);
    late.operator.stop();
    const soFar = late.state.calls;
    // The other one tries on meanwhile.
    const begun = other.state.calls;
    await eventually(() => other.state.calls > begun + 3);
    other.operator.stop();
    expect(early.state.calls).toBeLessThanOrEqual(1);
    expect(late.state.calls).toBeLessThanOrEqual(soFar + 1);
    expect(early.operator.isDone()).toBe(false);
  });
});
