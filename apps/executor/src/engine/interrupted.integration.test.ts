import { createChangePublisher } from '@actp/services/changes/channel';
import { createTaskStore } from '@actp/services/tasks/task-store';
import { createLogger } from '@actp/shared/log';
import { taskChannel } from '@actp/shared/tasks/channel';
import { eventually } from '@actp/testing/eventually';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../agents/agent.ts';
import { TaskError } from '../agents/task-error.ts';
import { partsOfTest } from '../agents.fixture.ts';
import { openExecutor } from '../executor.fixture.ts';
import { createHolds } from './holds.ts';
import { createTaskJobs, type TaskJobsDeps } from './task-jobs.ts';

const bench = await openExecutor();
const { sql } = bench;
const log = createLogger({ app: 'test', level: 'silent' });

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new TaskError('cut_off', 'it was cut off')), {
      once: true,
    });
  });

/** An agent that reads until it is cut off, and then says that it has failed. */
function endless() {
  const parts = partsOfTest({ resendUrl: bench.resend.url });
  const runs: AbortSignal[] = [];
  const run: Agent['run'] = ({ signal }) => {
    runs.push(signal);
    return aborted(signal);
  };
  const agents = parts.agents.map((agent): Agent => (agent.name === 'research' ? { ...agent, run } : agent));
  return { parts: { ...parts, agents }, runs };
}
const holderOf = async (id: string) =>
  (await sql.query<{ holder: string | null }>('select holder from actp_tasks where id = $1', [id])).rows[0]
    ?.holder;

describe('a task that is being worked on', () => {
  it('is let go by an executor that stops, is not taken for failed, and another one goes on', async () => {
    const { parts, runs } = endless();
    const first = await bench.start({ parts, timings: { holdSeconds: 600 } });
    const id = await bench.ask(await bench.user(), 'read birds');
    await eventually(() => runs.length === 1);
    await first.stop();
    expect(await bench.read(id)).toMatchObject({ status: 'running', error_code: null });
    expect(await holderOf(id)).toBeNull();
    await bench.start();
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded' });
  });

  it('ends at once when whoever asked takes it back', async () => {
    const { parts, runs } = endless();
    // Nobody looks at the holds by itself within this test.
    await bench.start({ parts, timings: { holdSeconds: 600 } });
    const user = await bench.user();
    const id = await bench.ask(user, 'read birds');
    await eventually(() => runs.length === 1);
    const changes = createChangePublisher(bench.stores.env, taskChannel);
    await sql.query(`select cancel_task($1, $2, 'user:' || $3, '{}')`, [id, user.id, user.email]);
    await eventually(() => {
      changes.publish(id);
      return runs[0]?.aborted === true;
    });
    changes.close();
    expect(await bench.read(id)).toMatchObject({ status: 'cancelled' });
  });

  it('is cut off after its longest time, and goes on later', async () => {
    const store = createTaskStore(bench.executorDb, 'one', 600);
    const holds = createHolds({ store, log, everyMs: 600_000 });
    const deps: Partial<TaskJobsDeps> = {
      store,
      holds,
      changed: () => undefined,
      wake: () => undefined,
      log,
      retryMs: 5,
      longestMs: 50,
      dailyBudgetMinor: 100,
      parseIntent: (_prompt, _mayCost, signal) => aborted(signal),
    };
    const id = await bench.ask(await bench.user(), 'read birds', { hint: false });
    const jobs = createTaskJobs(deps as TaskJobsDeps);
    const { signal } = new AbortController();
    expect(await jobs['run-task']({ task_id: id }, { signal } as never)).toEqual({ state: 'later' });
    expect(await bench.read(id)).toMatchObject({ status: 'running', error_code: null });
    expect(await holderOf(id)).toBeNull();
    await holds.stop();
  });
});
