import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openNotify } from './jobs.fixture.ts';
import { defaultLockMs, stalledCheckMs } from './worker.ts';
import { runsAgain, spawnWorker, started } from './worker-death.fixture.ts';

// Each test waits for locks to run out, and does nothing meanwhile.
describe.concurrent('a job whose worker process', () => {
  it('[I5] was killed runs again within 60 s', async () => {
    // In use a job of a dead worker is found within the lock and one check for such jobs (worker-death.long.test.ts waits for it).
    expect(defaultLockMs + stalledCheckMs(defaultLockMs)).toBeLessThanOrEqual(25_000);
    await runsAgain(3_000);
  });

  it('dies of it is given up after the third start, and the queue goes on', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    const id = await notify.add();
    let starts = 0;
    for (let deaths = 0; deaths < 6 && (await notify.stateOf(id)) !== 'failed'; deaths += 1) {
      // As the supervisor does: a process that died is started again.
      const child = spawnWorker(redis, 'die', 400);
      child.on('message', () => (starts += 1));
      await Promise.race([
        once(child, 'exit'),
        eventually(async () => (await notify.stateOf(id)) === 'failed'),
      ]);
      child.kill('SIGKILL');
    }
    expect(await notify.stateOf(id)).toBe('failed');
    expect(starts).toBe(3);
    const healthy = spawnWorker(redis, 'finish', 400);
    const next = await notify.add();
    await eventually(async () => (await notify.stateOf(next)) === 'completed');
    expect(await notify.stateOf(id)).toBe('failed');
    healthy.disconnect();
  });

  it('[I5] was frozen past its lock belongs to whoever took it; its own late end is refused', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    const zombie = spawnWorker(redis, 'hang', 400);
    const id = await notify.add();
    await started(zombie);
    zombie.kill('SIGSTOP');
    const heir = spawnWorker(redis, 'finish', 400);
    await eventually(async () => (await notify.stateOf(id)) === 'completed');
    zombie.kill('SIGCONT');
    zombie.send('go on');
    // It has had its say once it takes the next job.
    heir.kill('SIGKILL');
    const next = await notify.add();
    expect(await started(zombie)).toMatchObject({ started: next });
    await delay(200);
    expect(await notify.stored(id)).toMatchObject({ returnvalue: '{"state":"sent"}' });
    expect(await notify.stateOf(id)).toBe('completed');
    zombie.disconnect();
  });
});
