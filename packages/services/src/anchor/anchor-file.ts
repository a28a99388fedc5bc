import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

export interface AnchorFile {
  path: string;
  /** Undefined: there is none. @throws Error when it cannot be read, or is too large to be one */
  read(): Promise<string | undefined>;
  /** Replaces it, on the disk when it returns. */
  write(text: string): Promise<void>;
  /** Keeps what is there under another name. */
  setAside(name: string): Promise<void>;
  /** Removes what a process that was killed while it wrote has left beside it. */
  removeLeftovers(): Promise<void>;
}

// At most 64 chains and 200 kill switches.
const maxBytes = 1_048_576;
// Of a write that may be under way, in another process.
const writeMs = 60_000;
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
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
      const aside = `${path}.${randomUUID()}.new`;
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
    async removeLeftovers() {
      const names = await readdir(dirname(path)).catch(() => []);
      for (const name of names.filter(isLeftoverOf(basename(path)))) {
        const leftover = join(dirname(path), name);
        if (await isOldAndOurs(leftover)) await rm(leftover, { force: true }).catch(() => undefined);
      }
    },
    async setAside(name) {
      // It stays in its place, too, until another one takes that.
      await copyFile(path, `${path}.${name}`).catch(() => rename(path, `${path}.${name}`));
    },
  };
}

// What `setAside` keeps may have the id of a plane at its end.
function isLeftoverOf(file: string): (name: string) => boolean {
  const tail = new RegExp(`^\\.${uuid}\\.new$`);
  return (name) => name.startsWith(file) && tail.test(name.slice(file.length));
}

async function isOldAndOurs(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return (
    found?.isFile() === true &&
    (process.getuid === undefined || found.uid === process.getuid()) &&
    Date.now() - found.mtimeMs > writeMs
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
