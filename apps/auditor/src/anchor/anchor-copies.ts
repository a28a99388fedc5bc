import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connectRedis, failFastOptions, type RedisTarget } from '@actp/shared/redis';

interface AnchorCopy {
  /** For people. */
  where: string;
  text: string;
}

export interface AnchorCopies {
  /** Writes them in the background; one that cannot be written is left out. */
  write(text: string): void;
  /** Those that are there. They end no hold, since they can be part of what was put back; what they name the database has to hold, too. */
  read(): Promise<AnchorCopy[]>;
  close(): Promise<void>;
}

const redisKey = 'actp:anchor';

// The first question comes before the connection is there. A Redis that is away holds nobody up for longer than `commandTimeout`.
const options = { ...failFastOptions, enableOfflineQueue: true };

/** Copies of the anchor in the data folder and in Redis, which say more when the anchor itself is lost, or an older one. */
export function createAnchorCopies(target: RedisTarget, dataDir: string): AnchorCopies {
  const redis = connectRedis(target, options);
  redis.on('error', () => undefined);
  const path = join(dataDir, 'audit', 'anchor.json');
  let next: string | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let text = next; text !== undefined; text = next) {
      next = undefined;
      await Promise.allSettled([redis.set(redisKey, text), writeCopy(path, text)]);
    }
    // In the same turn in which nothing was left: what comes from now on begins anew.
    writing = undefined;
  }

  return {
    write(text) {
      next = text;
      writing ??= writeAll();
    },
    async read() {
      const [inFolder, inRedis] = await Promise.allSettled([readFile(path, 'utf8'), redis.get(redisKey)]);
      return [copyFrom('the data folder', inFolder), copyFrom('Redis', inRedis)].flat();
    },
    async close() {
      await writing;
      redis.disconnect();
    },
  };
}

const copyFrom = (where: string, settled: PromiseSettledResult<string | null>): AnchorCopy[] =>
  settled.status === 'fulfilled' && settled.value !== null ? [{ where, text: settled.value }] : [];

// A plane without a checkpoint has no such folder yet.
async function writeCopy(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
