import type { RedisTarget } from '@actp/shared/redis';
import { accessOf, nodeUrl } from '@actp/shared/redis-node';
import { defaultSentinelName } from '@actp/shared/redis-target';
import { queryWhenReady } from './redis-connection.ts';
import { connectionProblem } from './redis-connection-problem.ts';
import { parseInfo } from './redis-info.ts';
import type { StoreProblem, WaitOptions } from './store-problem.ts';

const key = 'REDIS_SENTINELS';

/** Why no Sentinel says which server is the primary; undefined when one does. */
export async function checkSentinels(
  target: RedisTarget,
  { signal }: WaitOptions,
): Promise<StoreProblem | undefined> {
  const sentinels = target.REDIS_SENTINELS ?? [];
  const access = accessOf(sentinels);
  const name = target.REDIS_SENTINEL_NAME ?? defaultSentinelName;
  const found = await Promise.all(
    sentinels.map((sentinel) => {
      const server: RedisTarget = { REDIS_URL: nodeUrl(sentinel, access), REDIS_CLUSTER_NODES: [] };
      return checkOne(server, name, signal);
    }),
  );
  // One that answers is enough: the client asks them in turn.
  return found.includes(undefined) ? undefined : found.at(-1);
}

async function checkOne(
  server: RedisTarget,
  name: string,
  signal: AbortSignal,
): Promise<StoreProblem | undefined> {
  const result = await queryWhenReady(
    server,
    async (connection) => {
      const info = parseInfo(String(await connection.call('info', 'server')));
      if (info.get('redis_mode') !== 'sentinel') return notSentinel;
      const address: unknown = await connection.call('sentinel', 'get-master-addr-by-name', name);
      return address === null ? unknownName : undefined;
    },
    { onLoading: () => undefined, signal },
  );
  return 'value' in result ? result.value : connectionProblem(key, server, result.fault);
}

const notSentinel: StoreProblem = {
  problem: `The server at ${key} is not a Sentinel.`,
  remedy: `Set ${key} to the Sentinels (their port is 26379 as a rule), or REDIS_URL to the server without ${key}.`,
};

const unknownName: StoreProblem = {
  problem: `The Sentinel at ${key} knows no servers by the name in REDIS_SENTINEL_NAME.`,
  remedy:
    'Correct REDIS_SENTINEL_NAME: the name behind "sentinel monitor" in the configuration of the Sentinels.',
};
