import { randomUUID } from 'node:crypto';
import { approvalChannel } from '@actp/shared/approvals/channel';
import { prefixOf, queueNames } from '@actp/shared/jobs/catalogue';
import { isRefusal, type RedisConnection } from './redis-connection.ts';

/** A command that Redis rejected. */
export interface RejectedCommand {
  command: string;
  error: Error;
}

type Command = readonly [name: string, ...args: string[]];

// What BullMQ's scripts, the rate limits and the approvals use, on keys of our own that are gone afterwards.
function commandsOn(key: string): Command[] {
  const of = (kind: string) => `${key}:${kind}`;
  const [hash, sorted, list, set, stream, text] = [
    of('h'),
    of('z'),
    of('l'),
    of('s'),
    of('x'),
    of('t'),
  ] as const;
  return [
    ['set', text, '1'],
    ...words(
      hash,
      'hset . a 1; hmset . a 1; hget . a; hmget . a; hgetall .; hexists . a; hincrby . a 1; hlen .; hdel . a',
    ),
    ...words(
      sorted,
      'zadd . 1 a; zscore . a; zrange . 0 0; zrevrange . 0 0; zrangebylex . - +; zrangebyscore . 0 1',
    ),
    ...words(
      sorted,
      'zrevrangebyscore . 1 0; zcard .; zcount . 0 1; zlexcount . - +; zpopmin .; zadd . 1 a; bzpopmin . 0.01',
    ),
    ...words(sorted, 'zrem . a; zremrangebyscore . 0 1; zremrangebyrank . 0 0'),
    ...words(
      list,
      'lpush . a; rpush . a; lrange . 0 0; llen .; lindex . 0; lset . 0 a; lpos . a; lrem . 0 b; ltrim . 0 5',
    ),
    ...words(list, 'rpoplpush . .; rpop .; lpop .'),
    ...words(set, 'sadd . a; srem . b; scard .; smembers .; sismember . a'),
    ...words(stream, 'xadd . * a 1; xrange . - +; xlen .; xtrim . maxlen 5; xdel . 1-1'),
    ...words(text, 'get .; incr .; incrby . 1; exists .; type .; pexpire . 60000; pttl .'),
    ...words(
      text,
      `pexpireat . ${Date.now() + 60_000}; rename . .2; unlink .2; del ${hash} ${sorted} ${list} ${set} ${stream}`,
    ),
    ['eval', "return redis.call('exists', KEYS[1])", '1', text],
    // A script that nobody has: its error differs from that of a missing permission.
    ['evalsha', '0'.repeat(40), '1', text],
  ];
}

const always: readonly Command[] = [
  ['ping'],
  ['time'],
  ['client', 'setname', 'actp'],
  ['publish', approvalChannel, ''],
];

// The nodes of a cluster take turns, so that its two halves would not meet.
const transaction: readonly Command[] = [['multi'], ['discard']];

const words = (key: string, text: string): Command[] =>
  text.split('; ').map((line) => {
    const [name = '', ...args] = line.split(' ').map((word) => word.replace(/^\.(?=2?$)/, key));
    return [name, ...args];
  });

// Below each of these stands what the plane keeps.
const prefixes = [...queueNames.map(prefixOf), 'actp:rate', '{actp:rate}'];

/** Writes, reads and removes what the plane uses, and returns the commands that Redis rejected. */
export async function findRejectedCommands(
  connection: RedisConnection,
  clustered: boolean,
): Promise<RejectedCommand[]> {
  const id = randomUUID();
  const [first = '', ...others] = prefixes;
  const places = others.map((prefix): Command => ['set', `${prefix}:start-check:${id}`, '1', 'px', '1000']);
  // One after the other on one connection, but sent together.
  const commands = [
    ...commandsOn(`${first}:start-check:${id}`),
    ...places,
    ...always,
    ...(clustered ? [] : transaction),
  ];
  const replies = await Promise.allSettled(commands.map(([name, ...args]) => connection.call(name, ...args)));
  const refused = replies.flatMap((reply, index): RejectedCommand[] => {
    const reason: unknown = reply.status === 'rejected' ? reply.reason : undefined;
    // A connection that broke says nothing about permissions.
    if (reason !== undefined && !isRefusal(reason)) throw reason;
    const [command = '', argument = ''] = commands[index] ?? [];
    const name = command === 'client' ? `${command}|${argument}` : command;
    return reason === undefined ? [] : [{ command: name, error: reason }];
  });
  return refused;
}
