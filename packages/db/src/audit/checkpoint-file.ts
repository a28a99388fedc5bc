import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Checkpoint } from './checkpoint.ts';

const headBytes = 4_096;
// A checkpoint names at most every lane of every day that is kept: some 200 KB.
const tailBytes = 2_097_152;

/** What stands before this line is history: an operator has acknowledged that the database does not agree with it. */
const Acknowledged = z.object({ acknowledged: z.int() });
const Line = z.union([z.object({ public_key: z.string() }), Acknowledged, Checkpoint]);

type NewLine = Checkpoint | { public_key: string } | z.infer<typeof Acknowledged>;

export interface CheckpointFile {
  /** What it holds: the key that signs, and the newest checkpoint. */
  read(): Promise<{ publicKey: string | undefined; last: Checkpoint | undefined }>;
  /** Adds lines at its end, on the disk when it returns. */
  append(lines: readonly NewLine[]): Promise<void>;
}

/**
 * `ACTP_DATA_DIR/audit/checkpoints.jsonl`: the checkpoints once more, outside the database. Whoever can change only the
 * database cannot make them agree with a changed log.
 */
export function checkpointFile(dataDir: string): CheckpointFile {
  const path = join(dataDir, 'audit', 'checkpoints.jsonl');
  return {
    async read() {
      const text = await ends(path);
      let publicKey: string | undefined;
      let last: Checkpoint | undefined;
      for (const line of text.split('\n')) {
        const parsed = Line.safeParse(jsonOf(line));
        // Half a line is what a crash while writing leaves; its checkpoint is written again.
        if (!parsed.success) continue;
        if ('public_key' in parsed.data) publicKey = parsed.data.public_key;
        else if ('acknowledged' in parsed.data) last = undefined;
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

/** The beginning, where the key stands, and the end, where the newest checkpoint does: it grows for years. */
async function ends(path: string): Promise<string> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const read = async (from: number, to: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      return buffer.toString('utf8', 0, bytesRead);
    };
    if (size <= headBytes + tailBytes) return await read(0, size);
    return `${await read(0, headBytes)}\n${await read(size - tailBytes, size)}`;
  } finally {
    await file.close();
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
