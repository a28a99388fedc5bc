import { expect, it } from 'vitest';
import { catchUpJobId, tickOf } from './run-tick.ts';

it.each(['nightly_self_test', 'rotate-webhook-keys', 'a-1', 'tick-2'])(
  'finds the tick that a catch-up job was made for, whatever its schedule is called: %s',
  (schedule) => {
    const tick = { schedule, dueAt: new Date('2026-11-26T02:00:00Z') };
    const job = { id: catchUpJobId(tick), opts: {} };
    expect(tickOf(job)).toEqual(tick);
  },
);
