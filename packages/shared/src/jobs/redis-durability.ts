import type { connectRedis } from '../redis.ts';

// Nobody changes this often; a Redis that was started anew is asked again soon enough.
const believedMs = 30_000;

/**
 * Asks Redis how it keeps what it acknowledges: with an append-only file, synced before it answers. What it does not say counts as
 * set up well, since the plane's own user need not read the configuration; docs/runbook.md says what it has to be.
 *
 * @returns a function that says so, from what was asked last; it never throws
 */
export function createRedisDurability(connection: ReturnType<typeof connectRedis>): () => Promise<boolean> {
  let durable = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      const info = await connection.info('persistence');
      durable = !info.includes('aof_enabled:0') && (await sync(connection)) !== 'late';
      askedAt = performance.now();
    } catch {
      // Redis is away and takes nothing now: the next one asks again.
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    if (performance.now() - askedAt > believedMs) {
      asking ??= ask();
      // Who comes while it is asked once more goes by the last answer.
      if (askedAt === Number.NEGATIVE_INFINITY) await asking;
    }
    return durable;
  };
}

async function sync(connection: ReturnType<typeof connectRedis>): Promise<'always' | 'late' | 'unknown'> {
  try {
    const reply: unknown = await connection.call('config', 'get', 'appendfsync');
    if (!Array.isArray(reply) || typeof reply[1] !== 'string') return 'unknown';
    return reply[1] === 'always' ? 'always' : 'late';
  } catch {
    return 'unknown';
  }
}
