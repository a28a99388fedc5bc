import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { BackupError } from './archive/backup-error.ts';
import { foreign, readArchive, type OpenArchive } from './archive/read-archive.ts';
import { End, endName, formatVersion, Head, headName, Keys, keysName, tableOf } from './format.ts';

export interface CheckedBackup {
  archive: OpenArchive;
  head: Head;
  end: End;
  keys: Keys | undefined;
}

/** Where the parts of a backup go, in the order of the file. */
export interface BackupParts {
  head?(head: Head): Promise<void>;
  rows?(table: string, content: Buffer): Promise<void>;
}

/**
 * Reads a backup from its beginning to its end and checks all of it.
 *
 * @throws BackupError when it is none of ours, of a newer release, or damaged
 */
export async function readBackup(archive: OpenArchive, parts: BackupParts = {}): Promise<CheckedBackup> {
  const { path } = archive;
  let head: Head | undefined;
  let keys: Keys | undefined;
  let end: End | undefined;
  const digests: Record<string, string> = {};
  const part = <T>(schema: z.ZodType<T>, content: Buffer) => parsed(path, schema, content);
  for await (const { name, content } of readArchive(archive)) {
    if (head === undefined) {
      if (name !== headName) throw foreign(path);
      head = readHead(path, content);
      await parts.head?.(head);
    }
    if (name === endName) {
      end = part(End, content);
      continue;
    }
    digests[name] = createHash('sha256').update(content).digest('hex');
    const table = tableOf(name);
    if (table !== undefined) await parts.rows?.(table, content);
    else if (name === keysName) keys = part(Keys, content);
  }
  if (head === undefined) throw foreign(path);
  if (end === undefined || !sameEntries(end.entries, digests)) throw incomplete(path);
  return { archive, head, end, keys };
}

function readHead(path: string, content: Buffer): Head {
  const head = parsed(path, Head, content);
  if (head.version <= formatVersion) return head;
  throw newer(path, head.release);
}

function parsed<T>(path: string, schema: z.ZodType<T>, content: Buffer): T {
  try {
    return schema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    throw foreign(path);
  }
}

function sameEntries(wanted: Record<string, string>, found: Record<string, string>): boolean {
  const names = Object.keys(wanted);
  return names.length === Object.keys(found).length && names.every((name) => wanted[name] === found[name]);
}

const incomplete = (path: string) =>
  new BackupError(
    `${path} is damaged: a part of it is missing, or was changed after it was written.`,
    'Use another copy of it.',
  );

export const newer = (path: string, release: string): BackupError =>
  new BackupError(`${path} was made by a newer release (${release}).`, 'Restore it with that release.');
