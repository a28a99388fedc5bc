import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Checkpoint } from './checkpoint.ts';

const Line = z.union([z.object({ public_key: z.string() }), Checkpoint]);

export interface CheckpointFile {
  /** What it holds: the key that signs, and the newest checkpoint. */
  read(): Promise<{ publicKey: string | undefined; last: Checkpoint | undefined }>;
  /** Adds lines at its end, on the disk when it returns. */
  append(lines: ReadonlyArray<Checkpoint | { public_key: string }>): Promise<void>;
}

/**
 * `ACTP_DATA_DIR/audit/checkpoints.jsonl`: the checkpoints once more, outside the database. Whoever can change only the
 * database cannot make them agree with a changed log.
 */
export function checkpointFile(dataDir: string): CheckpointFile {
  const path = join(dataDir, 'audit', 'checkpoints.jsonl');
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      let publicKey: string | undefined;
      let last: Checkpoint | undefined;
      for (const line of text.split('\n')) {
        const parsed = Line.safeParse(jsonOf(line));
        // Half a line is what a crash while writing leaves; its checkpoint is written again.
        if (!parsed.success) continue;
        if ('public_key' in parsed.data) publicKey = parsed.data.public_key;
        else if (last === undefined || parsed.data.n > last.n) last = parsed.data;
      }
      return { publicKey, last };
    },
    async append(lines) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a', 0o600);
      try {
        // A line of its own, also behind half a line.
        await file.write(`\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
