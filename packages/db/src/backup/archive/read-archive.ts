import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
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
 * @throws BackupError when it is no archive, the passphrase is wrong, or it is damaged. It may have given entries by then
 */
export async function* readArchive(
  path: string,
  passphrase: string | undefined,
): AsyncGenerator<ArchiveEntry> {
  const source = await decrypted(path, passphrase);
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
      const { name, size } = entry.header;
      if (size > largestEntry) throw damaged(path);
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
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

async function decrypted(path: string, passphrase: string | undefined): Promise<Readable> {
  const kind = await kindOf(path);
  const file = createReadStream(path, { highWaterMark: 262_144 });
  if (kind === 'plain') return file;
  if (passphrase === undefined) {
    file.destroy();
    throw new BackupError(
      `${path} is encrypted.`,
      'Set BACKUP_PASSPHRASE to the passphrase that it was made with.',
    );
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return Readable.fromWeb(await decrypter.decrypt(Readable.toWeb(file)));
  } catch (cause) {
    file.destroy();
    throw new BackupError(
      `${path} cannot be decrypted: the passphrase is wrong, or the beginning of the file is damaged.`,
      'Set BACKUP_PASSPHRASE to the passphrase that it was made with.',
      { cause },
    );
  }
}

async function kindOf(path: string): Promise<'encrypted' | 'plain'> {
  const start = Buffer.alloc(ageHeader.length);
  try {
    const file = await open(path, 'r');
    try {
      await file.read(start, 0, start.length, 0);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new BackupError(`${path}: ${fileProblem(cause)}.`, 'Name a file that npm run backup has written.', {
      cause,
    });
  }
  if (start.equals(ageHeader)) return 'encrypted';
  if (start.subarray(0, gzipHeader.length).equals(gzipHeader)) return 'plain';
  throw foreign(path);
}

export const foreign = (path: string): BackupError =>
  new BackupError(`${path} is no backup of actp-worker.`, 'Name a file that npm run backup has written.');
