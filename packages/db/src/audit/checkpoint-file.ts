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

const AcceptedLine = z.object({ public_key: z.string(), from: z.int().positive() });

/** A key that signs from a checkpoint on, although the one before has not signed that. */
export interface AcceptedKey {
  publicKey: string;
  from: number;
}

export interface CheckpointFile {
  /** What it holds: the first key that signed, and the newest checkpoint. */
  read(): Promise<{ publicKey: string | undefined; last: Checkpoint | undefined }>;
  /** Keys that an operator has accepted without the signature of the one before. */
  acceptedKeys(): Promise<AcceptedKey[]>;
  /** Adds lines at its end, on the disk when it returns. */
  append(lines: readonly NewLine[]): Promise<void>;
  /** Notes a key that an operator has accepted. */
  trust(key: AcceptedKey): Promise<void>;
}

/**
 * `ACTP_DATA_DIR/audit/checkpoints.jsonl`: the checkpoints once more, outside the database. Whoever can change only the
 * database cannot make them agree with a changed log.
 */
export function checkpointFile(dataDir: string): CheckpointFile {
  const path = join(dataDir, 'audit', 'checkpoints.jsonl');
  const keysPath = join(dataDir, 'audit', 'accepted-keys.jsonl');
  return {
    async read() {
      const { publicKey, last } = await readLines(path);
      return { publicKey, last };
    },
    async acceptedKeys() {
      return [...(await readLines(path)).laterKeys, ...(await readKeys(keysPath))];
    },
    append: (lines) => appendLines(path, lines),
    trust: ({ publicKey, from }) => appendLines(keysPath, [{ public_key: publicKey, from }]),
  };
}

interface Lines {
  publicKey: string | undefined;
  /** An earlier release noted another key so, and went on with it. */
  laterKeys: AcceptedKey[];
  last: Checkpoint | undefined;
}

async function readLines(path: string): Promise<Lines> {
  const found: Lines = { publicKey: undefined, laterKeys: [], last: undefined };
  for (const line of (await ends(path)).split('\n')) {
    const { success, data } = Line.safeParse(jsonOf(line));
    // Half a line is what a crash while writing leaves; its checkpoint is written again.
    if (!success) continue;
    if ('acknowledged' in data) found.last = undefined;
    else if (!('public_key' in data)) found.last = newer(found.last, data);
    else if (found.publicKey === undefined) found.publicKey = data.public_key;
    else found.laterKeys.push({ publicKey: data.public_key, from: (found.last?.n ?? 0) + 1 });
  }
  return found;
}

const newer = (last: Checkpoint | undefined, next: Checkpoint) =>
  last === undefined || next.n > last.n ? next : last;

async function appendLines(path: string, lines: readonly object[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    // A line of its own, also behind half a line.
    await file.write(`\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readKeys(path: string): Promise<AcceptedKey[]> {
  return (await ends(path)).split('\n').flatMap((line) => {
    const { success, data } = AcceptedLine.safeParse(jsonOf(line));
    return success ? [{ publicKey: data.public_key, from: data.from }] : [];
  });
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
