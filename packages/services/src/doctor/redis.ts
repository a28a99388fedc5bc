import type { RedisTarget } from '@actp/shared/redis';
import { checkRedis } from '../stores/check-redis.ts';
import type { RedisInfo } from '../stores/redis-info.ts';
import { asEmbedded, fail, kindOf, off, ok, warn, type Check } from './finding.ts';

const name = 'redis';
const nearlyFull = 0.9;
const megabyte = 1024 * 1024;

export interface RedisDeps {
  /** Undefined: the embedded one, which does not run. */
  target: RedisTarget | undefined;
  /** Undefined: not known here. */
  embedded: boolean | undefined;
}

/** Whether Redis can be reached and used, keeps what it acknowledges, and has room. Writes a few keys of its own and removes them. */
export const redisCheck = ({ target, embedded }: RedisDeps): Check => ({
  name,
  async look(signal) {
    if (target === undefined) return off(name, 'the embedded one, which runs with the plane');
    const { problem, warning, info } = await checkRedis(target, { say: () => undefined, signal });
    if (problem !== undefined) {
      const remedy = embedded
        ? 'See redis.log in ACTP_DATA_DIR/logs, then start the plane again'
        : problem.remedy;
      return fail(name, embedded === true ? asEmbedded(problem.problem) : problem.problem, remedy);
    }
    const detail = `${kindOf(embedded)}${versionOf(info)}${memoryOf(info)}`;
    if (warning !== undefined) {
      return warn(
        name,
        warning.replace(/^Warning: /, ''),
        warning.includes('REDIS_MIN_REPLICAS')
          ? 'Bring its replicas back'
          : 'CONFIG SET appendonly yes; CONFIG SET appendfsync always',
      );
    }
    if (shareOfMemory(info) > nearlyFull) {
      return warn(
        name,
        `${detail}: nearly full, and refuses jobs when it is`,
        'Raise its maxmemory, or free some',
      );
    }
    return ok(name, detail);
  },
});

const numberOf = (info: RedisInfo | undefined, key: string) => Number(info?.get(key) ?? 0) || 0;

function shareOfMemory(info: RedisInfo | undefined): number {
  const most = numberOf(info, 'maxmemory');
  return most === 0 ? 0 : numberOf(info, 'used_memory') / most;
}

// Valkey names its own version beside the one of Redis that it is like.
function versionOf(info: RedisInfo | undefined): string {
  const valkey = info?.get('valkey_version');
  return valkey === undefined ? `version ${info?.get('redis_version') ?? 'unknown'}` : `Valkey ${valkey}`;
}

function memoryOf(info: RedisInfo | undefined): string {
  const most = numberOf(info, 'maxmemory');
  const used = `${Math.ceil(numberOf(info, 'used_memory') / megabyte)} MB`;
  return most === 0 ? `, ${used} used` : `, ${used} of ${Math.floor(most / megabyte)} MB used`;
}
