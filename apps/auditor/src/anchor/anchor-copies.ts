import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadAnchor } from '@actp/db/audit/anchor';
import { connectRedis, failFastOptions, type RedisTarget } from '@actp/shared/redis';

export interface AnchorCopies {
  /** Writes them in the background; one that cannot be written is left out. */
  write(text: string): void;
  /** What they say, for people; undefined when there are none. They end no hold: they can be part of what was put back. */
  describe(read: (text: string) => ReadAnchor): Promise<string | undefined>;
  close(): Promise<void>;
}

const redisKey = 'actp:anchor';

/** Copies of the anchor in the data folder and in Redis, which say more when the anchor itself is lost. */
export function createAnchorCopies(target: RedisTarget, dataDir: string): AnchorCopies {
  const redis = connectRedis(target, failFastOptions);
  redis.on('error', () => undefined);
  const path = join(dataDir, 'audit', 'anchor.json');
  let next: string | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let text = next; text !== undefined; text = next) {
      next = undefined;
      await Promise.allSettled([redis.set(redisKey, text), writeCopy(path, text)]);
    }
  }

  return {
    write(text) {
      next = text;
      writing ??= writeAll().finally(() => {
        writing = undefined;
      });
    },
    async describe(read) {
      const [inFolder, inRedis] = await Promise.allSettled([readFile(path, 'utf8'), redis.get(redisKey)]);
      const found = [
        ['the data folder', valueOf(inFolder)],
        ['Redis', valueOf(inRedis)],
      ] as const;
      const words = found.flatMap(([where, text]) => {
        const anchor = text === undefined ? undefined : read(text);
        return anchor?.is === 'valid' ? [`a copy in ${where} is of ${anchor.at}`] : [];
      });
      return words.length === 0 ? undefined : words.join(', ');
    },
    async close() {
      await writing;
      redis.disconnect();
    },
  };
}

const valueOf = (settled: PromiseSettledResult<string | null>): string | undefined =>
  settled.status === 'fulfilled' ? (settled.value ?? undefined) : undefined;

async function writeCopy(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
