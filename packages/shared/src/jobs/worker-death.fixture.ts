import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis, type OwnRedis } from '@actp/testing/own-redis';
import { openNotify } from './jobs.fixture.ts';

const program = join(import.meta.dirname, 'worker-process.fixture.ts');

/** A worker in a process of its own, on the queue of this Redis. */
export function spawnWorker(redis: OwnRedis, plan: 'hang' | 'die' | 'finish', lockMs?: number): ChildProcess {
  const child = fork(program, [plan, ...(lockMs === undefined ? [] : [String(lockMs)])], {
    env: { REDIS_URL: redis.env.REDIS_URL },
  });
  atEnd(() => child.kill('SIGKILL'));
  return child;
}

/** The first job that it says it has begun. */
export const started = async (child: ChildProcess) =>
  (await once(child, 'message'))[0] as { started: string };

/** Kills a worker in the middle of a job, and waits until another has done it. */
export async function runsAgain(lockMs?: number): Promise<void> {
  const redis = await openOwnRedis();
  const notify = openNotify(redis);
  const doomed = spawnWorker(redis, 'hang', lockMs);
  const id = await notify.add();
  expect(await started(doomed)).toMatchObject({ started: id });
  const heir = spawnWorker(redis, 'finish', lockMs);
  doomed.kill('SIGKILL');
  await eventually(async () => (await notify.stateOf(id)) === 'completed', { every: 250 });
  expect(await notify.stored(id)).toMatchObject({ returnvalue: '{"state":"sent"}', stalledCounter: 1 });
  heir.disconnect();
}
