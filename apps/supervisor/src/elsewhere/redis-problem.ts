import { connectRedis, promptOptions, type RedisTarget } from '@actp/shared/redis';
import { inBrackets, type StoreProblem } from './store-problem.ts';

// Enough for a Redis that is just being started beside us.
const patienceMs = 3_000;
// The first word of Redis' refusals (its protocol's error codes).
const refusal = /\b(?:NOAUTH|WRONGPASS|NOPERM)\b/;

/** Why the configured Redis or cluster cannot be used; undefined when it answers and lets us in. */
export async function redisProblem(target: RedisTarget): Promise<StoreProblem | undefined> {
  const key = target.REDIS_CLUSTER_NODES.length > 0 ? 'REDIS_CLUSTER_NODES' : 'REDIS_URL';
  const redis = connectRedis(target, promptOptions);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<StoreProblem | undefined>((resolve) => {
      let last: unknown;
      redis.on('ready', () => resolve(undefined));
      redis.on('error', (error: Error) => {
        last = error;
        if (refusal.test(error.message)) resolve(refused(key));
      });
      timer = setTimeout(() => resolve(unreachable(key, last)), patienceMs);
    });
  } finally {
    clearTimeout(timer);
    redis.disconnect();
  }
}

const refused = (key: string): StoreProblem => ({
  problem: `The Redis that ${key} names does not let us in.`,
  remedy: `Correct user and password in ${key}.`,
});

const unreachable = (key: string, error: unknown): StoreProblem => ({
  problem: `The Redis that ${key} names does not answer${inBrackets(error)}.`,
  remedy: `Start it, correct ${key}, or leave ${key} out: then an embedded Redis is started.`,
});
