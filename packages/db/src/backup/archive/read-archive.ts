import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decrypter } from 'age-encryption';
import { extract as createExtract } from 'tar-stream';
import { fileProblem } from '@actp/shared/file-problem';
import { BackupError } from './backup-error.ts';

export interface ArchiveEntry {
  name: string;
  content: Buffer;
}

// Entries are written far smaller; a larger one is no entry of ours.
const largestEntry = 64 * 1_048_576;
// The header of a file for one passphrase has some 150.
const headerBytes = 4_096;
const ageHeader = Buffer.from('age-encryption.org/v1\n');
const gzipHeader = Buffer.from([0x1f, 0x8b]);

const damaged = (path: string, cause?: unknown) =>
  new BackupError(
    `${path} is damaged: it was cut, or changed after it was written.`,
    'Use another copy of it.',
    { cause },
  );

/**
 * Reads an archive, entry by entry.
 *
 * @throws BackupError when it is damaged. It may have given entries by then
 */
export async function* readArchive(archive: OpenArchive): AsyncGenerator<ArchiveEntry> {
  const { path } = archive;
  const source = await decrypted(archive).catch((error: unknown) => {
    throw damaged(path, error);
  });
  const gunzip = createGunzip();
  const extract = createExtract();
  source.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', (error) => extract.destroy(error));
  // What stands behind the last entry is its checksum, which is read later than the entry.
  const whole = finished(gunzip);
  whole.catch(() => undefined);
  source.pipe(gunzip).pipe(extract);
  try {
    for await (const entry of extract) {
      const { name, size = 0 } = entry.header;
      if (size > largestEntry) throw damaged(path);
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part);
      yield { name, content: Buffer.concat(parts) };
    }
    await whole;
  } catch (error) {
    throw error instanceof BackupError ? error : damaged(path, error);
  } finally {
    source.destroy();
    gunzip.destroy();
    extract.destroy();
  }
}

/** An archive that can be read, as often as is needed. */
export interface OpenArchive {
  path: string;
  /** What its content is encrypted with; undefined when it is not. Found once, since a passphrase takes a second of work. */
  fileKey: Uint8Array | undefined;
}

/** @throws BackupError when it is no archive, or the passphrase is wrong */
export async function openArchive(path: string, passphrase: string | undefined): Promise<OpenArchive> {
  const start = await startOf(path);
  if (start.subarray(0, gzipHeader.length).equals(gzipHeader)) return { path, fileKey: undefined };
  if (!start.subarray(0, ageHeader.length).equals(ageHeader)) throw foreign(path);
  if (passphrase === undefined) {
    throw new BackupError(
      `${path} is encrypted.`,
      'Set BACKUP_PASSPHRASE to the passphrase that it was made with.',
    );
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    // It ends with a line that begins with three dashes.
    const end = start.indexOf('\n', start.indexOf('\n--- ') + 1) + 1;
    return { path, fileKey: await decrypter.decryptHeader(start.subarray(0, end)) };
  } catch (cause) {
    throw new BackupError(
      `${path} cannot be decrypted: the passphrase is wrong, or the beginning of the file is damaged.`,
      'Set BACKUP_PASSPHRASE to the passphrase that it was made with.',
      { cause },
    );
  }
}

async function decrypted({ path, fileKey }: OpenArchive): Promise<Readable> {
  const file = createReadStream(path, { highWaterMark: 262_144 });
  if (fileKey === undefined) return file;
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  return Readable.fromWeb(await decrypter.decrypt(Readable.toWeb(file)));
}

async function startOf(path: string): Promise<Buffer> {
  const start = Buffer.alloc(headerBytes);
  await refusePipe(path);
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      return start.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new BackupError(`${path}: ${fileProblem(cause)}.`, 'Name a file that npm run backup has written.', {
      cause,
    });
  }
}

/** Opening a pipe waits for a writer, and a backup is read more than once. */
async function refusePipe(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new BackupError(`${path} is no regular file.`, 'Name a file that npm run backup has written.');
}

export const foreign = (path: string): BackupError =>
  new BackupError(`${path} is no backup of actp-worker.`, 'Name a file that npm run backup has written.');
