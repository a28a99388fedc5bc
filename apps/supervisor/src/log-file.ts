import { open, rename, stat, type FileHandle } from 'node:fs/promises';

export interface LogFile {
  write(line: string): void;
  /** Writes what is left and closes the file. */
  close(): Promise<void>;
}

// Some hours of a busy gateway in each; three old ones beside the current one.
const defaultMaxBytes = 10 * 1024 * 1024;
const keptFiles = 3;
// A disk that hangs must not grow our memory: beyond this, lines are dropped and counted.
const mostPending = 4 * 1024 * 1024;

/** A log file that never grows beyond a few times `maxBytes`: it is renamed to `.1`, `.2`, `.3` when it is full. */
export function createLogFile(path: string, maxBytes = defaultMaxBytes): LogFile {
  let pending: string[] = [];
  let pendingBytes = 0;
  let dropped = 0;
  let writing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    while (pending.length > 0) {
      const lines = dropped > 0 ? [...pending, `${dropped} lines were dropped`] : pending;
      pending = [];
      pendingBytes = 0;
      dropped = 0;
      // A full disk costs log lines, never the plane.
      await append(path, `${lines.join('\n')}\n`, maxBytes).catch(() => undefined);
    }
    writing = undefined;
  }

  return {
    write(line) {
      if (pendingBytes > mostPending) {
        dropped += 1;
        return;
      }
      pending.push(line);
      pendingBytes += line.length;
      writing ??= flush();
    },
    async close() {
      await writing;
    },
  };
}

async function append(path: string, text: string, maxBytes: number): Promise<void> {
  const file: FileHandle = await open(path, 'a', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  const { size } = await stat(path);
  if (size < maxBytes) return;
  for (let index = keptFiles - 1; index > 0; index -= 1) {
    await rename(`${path}.${index}`, `${path}.${index + 1}`).catch(() => undefined);
  }
  await rename(path, `${path}.1`);
}
