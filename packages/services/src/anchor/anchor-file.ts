import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AnchorFile {
  path: string;
  /** Undefined: there is none. @throws Error when it cannot be read, or is too large to be one */
  read(): Promise<string | undefined>;
  /** Replaces it, on the disk when it returns. */
  write(text: string): Promise<void>;
  /** Keeps what is there under another name. */
  setAside(name: string): Promise<void>;
}

// At most 32 chains and 200 kill switches.
const maxBytes = 1_048_576;
// Opening a pipe would wait for somebody to write.
const readAtOnce = constants.O_RDONLY | constants.O_NONBLOCK;

/** The file that says how far the plane has come. Nobody ever reads half of it, and a crash leaves the old one. */
export function anchorFile(path: string): AnchorFile {
  return {
    path,
    async read() {
      const file = await open(path, readAtOnce).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (file === undefined) return undefined;
      try {
        const found = await file.stat();
        if (!found.isFile()) throw new Error('it is not a file');
        if (found.size > maxBytes) throw new Error('it is larger than an anchor can be');
        return await file.readFile('utf8');
      } finally {
        await file.close();
      }
    },
    async write(text) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const aside = `${path}.${randomUUID()}`;
      try {
        const file = await open(aside, 'wx', 0o600);
        try {
          await file.writeFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(aside, path);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
      await syncFolder(dirname(path));
    },
    async setAside(name) {
      // It stays in its place, too, until another one takes that.
      await copyFile(path, `${path}.${name}`).catch(() => rename(path, `${path}.${name}`));
    },
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
