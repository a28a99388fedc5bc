import { approvalChannel } from '@actp/shared/approvals/channel';
import type { RedisTarget } from '@actp/shared/redis';
import { accessOf, nodeUrl } from '@actp/shared/redis-node';
import { assertRedisTarget, type RedisKind } from '@actp/shared/redis-target';
import { checkSentinels } from './check-sentinels.ts';
import { queryWhenReady, isRefusal, type RedisConnection } from './redis-connection.ts';
import { connectionProblem } from './redis-connection-problem.ts';
import { dataLossWarning, infoProblem, replicaWarning, parseInfo, type RedisInfo } from './redis-info.ts';
import { errorProblem } from './redis-error-problem.ts';
import { findRejectedCommands } from './redis-permissions.ts';
import type { StoreCheck, StoreProblem, WaitOptions } from './store-problem.ts';

/** What the check of a Redis found, and what the server said of itself. */
export interface RedisCheck extends StoreCheck {
  info?: RedisInfo;
}

/** Checks whether the configured Redis or cluster can serve the plane: its kind, its durability, and our permissions. */
export async function checkRedis(target: RedisTarget, wait: WaitOptions): Promise<RedisCheck> {
  const kind = assertRedisTarget(target);
  if (kind === 'sentinel') {
    const problem = await checkSentinels(target, wait);
    if (problem !== undefined) return { problem };
  }
  return checkServers(target, kind, wait);
}

async function checkServers(
  target: RedisTarget,
  kind: RedisKind,
  { say, signal }: WaitOptions,
): Promise<RedisCheck> {
  const clustered = kind === 'cluster';
  // Behind Sentinels this one says how the servers themselves are entered.
  const key = clustered ? 'REDIS_CLUSTER_NODES' : 'REDIS_URL';
  const onLoading = () => say(`Waiting for the Redis server at ${key}: it is loading its data`);
  const run = async <T>(server: RedisTarget, query: (connection: RedisConnection) => Promise<T>) => {
    const result = await queryWhenReady(server, query, { onLoading, signal });
    return 'value' in result ? result : { problem: connectionProblem(key, server, result.fault) };
  };

  const first = clustered
    ? await firstNode(target, (node) => run(node, readState))
    : await run(target, async (connection) => {
        await assertDatabase(connection, target);
        return readState(connection);
      });
  if ('problem' in first) return first;
  const { info, sync } = first.value;
  const problem = infoProblem(info, key);
  if (problem !== undefined) return { problem };
  const tried = await run(target, async (connection) => {
    const refused = await findRejectedCommands(connection, clustered);
    const subscribeError = await connection.subscribe(approvalChannel).catch((error: unknown) => error);
    return subscribeError instanceof Error
      ? [...refused, { command: 'subscribe', error: subscribeError }]
      : refused;
  });
  if ('problem' in tried) return tried;
  const refusal = errorProblem(key, tried.value);
  if (refusal !== undefined) return { problem: refusal };
  const warning = dataLossWarning(info, key, sync) ?? replicaWarning(info, target, kind);
  return warning === undefined ? { info } : { warning, info };
}

// The client stays in database 0 without a word when there is none of that number. Behind Sentinels there may be no URL.
async function assertDatabase(connection: RedisConnection, { REDIS_URL }: RedisTarget): Promise<void> {
  const path = REDIS_URL === undefined ? '' : new URL(REDIS_URL).pathname.slice(1);
  if (path !== '') await connection.call('select', path);
}

type RedisState = { info: RedisInfo; sync: string | undefined };

async function readState(connection: RedisConnection): Promise<RedisState> {
  const info = parseInfo(String(await connection.call('info')));
  // INFO is answered while Redis loads, and nothing else.
  if (info.get('loading') === '1') throw new Error('LOADING');
  if (info.get('cluster_enabled') !== '1') return { info, sync: await syncOf(connection) };
  const cluster = parseInfo(String(await connection.call('cluster', 'info')));
  return { info: new Map([...info, ...cluster]), sync: await syncOf(connection) };
}

// Managed services do not reveal it.
async function syncOf(connection: RedisConnection): Promise<string | undefined> {
  try {
    const reply: unknown = await connection.call('config', 'get', 'appendfsync');
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

type Outcome = { value: RedisState } | { problem: StoreProblem };

/** The state of the first node that responds; the problem of the last one when none does. */
async function firstNode(
  target: RedisTarget,
  check: (node: RedisTarget) => Promise<Outcome>,
): Promise<Outcome> {
  const access = accessOf(target.REDIS_CLUSTER_NODES);
  const nodes = target.REDIS_CLUSTER_NODES.map((node): RedisTarget => ({
    REDIS_URL: nodeUrl(node, access),
    REDIS_CLUSTER_NODES: [],
  }));
  const outcomes = await Promise.all(nodes.map(check));
  const found = outcomes.find((outcome) => 'value' in outcome) ?? outcomes.at(-1);
  if (found === undefined) throw new Error('REDIS_CLUSTER_NODES is empty');
  return found;
}
