import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Encrypter } from 'age-encryption';
import { pack as createPack, type Pack } from 'tar-stream';
import { BackupError, writeFailure } from './backup-error.ts';

export interface ArchiveOptions {
  /** The file; it must not exist. It appears there when it is complete, and not before. */
  path: string;
  /** Encrypts in the age format. */
  passphrase?: string | undefined;
  /** log2 of the work that guessing a passphrase takes; as the age tool does it unless told. For tests. */
  workFactor?: number | undefined;
  /** Ends the writing; nothing is left of the file then. */
  signal?: AbortSignal | undefined;
}

export interface ArchiveWriter {
  /** Adds an entry; resolves when there is room for the next. */
  add(name: string, content: Buffer): Promise<void>;
}

// Most of what a database holds is text; a higher level takes twice as long for a tenth less.
const level = 3;

/**
 * Writes a tar file, compressed with gzip and encrypted with age: both have tools of their own on every system. Only its owner may read it.
 *
 * @param fill adds the entries
 * @returns the size of the file
 * @throws BackupError when it cannot be written; nothing is left of it then
 */
export async function writeArchive(
  options: ArchiveOptions,
  fill: (archive: ArchiveWriter) => Promise<void>,
): Promise<number> {
  const { path } = options;
  const partial = `${path}.partial-${process.pid}`;
  try {
    const file = await open(partial, 'wx', 0o600);
    const pack = createPack();
    const written = pipeline(await encrypted(pack, options), file.createWriteStream({ flush: true }));
    // Whoever fails first ends the other, and is what is told.
    let failure: unknown;
    written.catch((error: Error) => {
      failure = error;
      pack.destroy(error);
    });
    const stop = () => pack.destroy(new Error('the backup was stopped'));
    options.signal?.addEventListener('abort', stop, { once: true });
    if (options.signal?.aborted === true) stop();
    try {
      await fill({
        add: (name, content) => Promise.race([addEntry(pack, name, content), failureOf(written)]),
      });
      pack.finalize();
    } catch (error) {
      const first = failure ?? error;
      pack.destroy(error instanceof Error ? error : new Error(String(error)));
      await written.catch(() => undefined);
      throw first;
    }
    await written;
    return await place(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeFailure(path, error);
  }
}

/** Never resolves. */
const failureOf = (written: Promise<void>) => written.then(() => new Promise<never>(() => undefined));

function addEntry(pack: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry({ name, size: content.length, mode: 0o600, mtime: new Date() }, content, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function encrypted(pack: Pack, { passphrase, workFactor }: ArchiveOptions): Promise<Readable> {
  const compressed = Readable.from(pack).compose(createGzip({ level }));
  if (passphrase === undefined) return compressed;
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  if (workFactor !== undefined) encrypter.setScryptWorkFactor(workFactor);
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(compressed)));
}

/** Gives the complete file its name, unless somebody has taken it meanwhile. */
async function place(partial: string, path: string): Promise<number> {
  try {
    await link(partial, path);
    await rm(partial);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') throw existing(path);
    // A file system without hard links.
    await rename(partial, path);
  }
  const file = await open(path, 'r');
  const { size } = await file.stat();
  await file.close();
  const folder = await open(dirname(path), 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
  return size;
}

const existing = (path: string): BackupError =>
  new BackupError(
    `${path} exists already. It was not changed.`,
    'Name another file with --to, or a folder in which the backup gets a name of its own.',
  );
