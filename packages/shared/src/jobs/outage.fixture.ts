import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@actp/testing/eventually';
import type { OwnRedis } from '@actp/testing/own-redis';
import type { Notify } from './jobs.fixture.ts';

// Ten seconds are promised on a machine with time; this only ends what hangs.
export const backWithinMs = 120_000;
export const sent = () => Promise.resolve({ state: 'sent' as const });

/** A job that is added now is done soon. */
export const consumes = (notify: Notify) =>
  eventually(
    async () => {
      const id = await notify.add();
      await eventually(async () => (await notify.stateOf(id)) === 'completed', { within: backWithinMs });
      return true;
    },
    { within: backWithinMs },
  );

export async function away(redis: OwnRedis, ms: number): Promise<void> {
  await redis.kill();
  await delay(ms);
  await redis.start();
}
