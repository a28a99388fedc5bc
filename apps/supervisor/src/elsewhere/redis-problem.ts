import { approvalChannel } from '@actp/shared/approvals/channel';
import type { RedisTarget } from '@actp/shared/redis';
import { askWhenUp, isRefusal, type RedisConnection } from './redis-connection.ts';
import { connectionProblem } from './redis-connection-problem.ts';
import { factProblem, factsOf, lossWarning, type RedisFacts } from './redis-facts.ts';
import { answerProblem } from './redis-answer-problem.ts';
import { tryCommands } from './redis-rights.ts';
import type { StoreLook, StoreProblem, Waiting } from './store-problem.ts';

type Key = 'REDIS_URL' | 'REDIS_CLUSTER_NODES';

/** Looks whether the configured Redis or cluster can serve the plane: who it is, what it keeps, and whether we may write. */
export async function lookAtRedis(target: RedisTarget, { say, signal }: Waiting): Promise<StoreLook> {
  const clustered = target.REDIS_CLUSTER_NODES.length > 0;
  const key: Key = clustered ? 'REDIS_CLUSTER_NODES' : 'REDIS_URL';
  const onLoading = () => say(`Waiting for the Redis server at ${key}: it is loading its data`);
  const run = async <T>(where: RedisTarget, ask: (connection: RedisConnection) => Promise<T>) => {
    const result = await askWhenUp(where, ask, { onLoading, signal });
    return 'answer' in result ? result : { problem: connectionProblem(key, target, result.fault) };
  };

  const first = clustered
    ? await firstNode(target, (node) => run(node, ask))
    : await run(target, async (connection) => {
        await assertDatabase(connection, target);
        return ask(connection);
      });
  if ('problem' in first) return first;
  const { facts, sync } = first.answer;
  const problem = factProblem(facts, key);
  if (problem !== undefined) return { problem };
  const tried = await run(target, async (connection) => {
    const refused = await tryCommands(connection, clustered);
    const deaf = await connection.subscribe(approvalChannel).catch((error: unknown) => error);
    return deaf instanceof Error ? [...refused, { command: 'subscribe', error: deaf }] : refused;
  });
  if ('problem' in tried) return tried;
  const refusal = answerProblem(key, tried.answer);
  if (refusal !== undefined) return { problem: refusal };
  const warning = lossWarning(facts, key, sync);
  return warning === undefined ? {} : { warning };
}

// The client stays in database 0 without a word when there is none of that number.
async function assertDatabase(connection: RedisConnection, { REDIS_URL = '' }: RedisTarget): Promise<void> {
  const path = new URL(REDIS_URL).pathname.slice(1);
  if (path !== '') await connection.call('select', path);
}

type Asked = { facts: RedisFacts; sync: string | undefined };

async function ask(connection: RedisConnection): Promise<Asked> {
  const info = await connection.call('info');
  const facts = factsOf(String(info));
  // INFO is answered while Redis loads, and nothing else.
  if (facts.get('loading') === '1') throw new Error('LOADING');
  if (facts.get('cluster_enabled') !== '1') return { facts, sync: await syncOf(connection) };
  const cluster = factsOf(String(await connection.call('cluster', 'info')));
  return { facts: new Map([...facts, ...cluster]), sync: await syncOf(connection) };
}

// Managed ones do not say.
async function syncOf(connection: RedisConnection): Promise<string | undefined> {
  try {
    const answer: unknown = await connection.call('config', 'get', 'appendfsync');
    return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

type Outcome = { answer: Asked } | { problem: StoreProblem };

/** What the first node that answers says; the problem of the last one when none does. */
async function firstNode(
  target: RedisTarget,
  look: (node: RedisTarget) => Promise<Outcome>,
): Promise<Outcome> {
  const nodes = target.REDIS_CLUSTER_NODES.map(({ host, port }): RedisTarget => ({
    REDIS_URL: `redis://${host.includes(':') ? `[${host}]` : host}:${port}`,
    REDIS_CLUSTER_NODES: [],
  }));
  const outcomes = await Promise.all(nodes.map(look));
  const found = outcomes.find((outcome) => 'answer' in outcome) ?? outcomes.at(-1);
  if (found === undefined) throw new Error('REDIS_CLUSTER_NODES is empty');
  return found;
}
