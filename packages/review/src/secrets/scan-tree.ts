import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { listFiles } from './list-files.ts';
import { secretIn } from './observe.ts';
import { isScanned } from './paths.ts';
import { createSecretScanner, type FoundSecret } from './scan-text.ts';

const source = 'secrets';
const pieceBytes = 256 * 1024;
// What is larger is data.
const maxBytes = 64 * 1024 * 1024;

/** Secrets in the files of the working tree. */
export const secretsInTree: Source<ProjectState> = {
  name: source,
  withoutLockFiles: true,
  applies: () => true,
  async review({ root, env, signal }) {
    const { files, reason } = await listFiles(root, env, signal);
    const observations: Observation[] = [];
    const reasons = reason === undefined ? [] : [reason];
    const scan = createFileScanner();
    let unread = 0;
    for (const path of files) {
      if (!isScanned(path)) continue;
      signal.throwIfAborted();
      const found = await scan(join(root, path));
      if (found === undefined) unread += 1;
      else observations.push(...found.map((secret) => secretIn(path, secret)));
    }
    if (unread > 0)
      reasons.push(`${unread} files cannot be read, or have more than ${maxBytes / 1024 / 1024} MiB`);
    return lookedExcept(source, observations, reasons);
  },
};

/** Scans files one after the other, in one buffer; undefined for one that cannot be read, nothing for one that is no text. */
export function createFileScanner(): (path: string) => Promise<FoundSecret[] | undefined> {
  const buffer = Buffer.allocUnsafe(pieceBytes);
  const scanner = createSecretScanner();
  return async (path) => {
    const file = await openFile(path);
    if (file === 'unreadable') return undefined;
    if (file === 'other') return [];
    try {
      for (let at = 0; at <= maxBytes;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) break;
        // As git does: what has a NUL in its beginning is no text.
        if (at === 0 && buffer.subarray(0, Math.min(bytesRead, 8_000)).includes(0)) break;
        scanner.push(buffer.toString('latin1', 0, bytesRead));
        at += bytesRead;
        if (bytesRead < buffer.length) break;
      }
      return scanner.end();
    } catch {
      scanner.end();
      return undefined;
    } finally {
      await file.close();
    }
  };
}

// A link leads to a file that is read as itself, or out of the project; a pipe would never end.
async function openFile(path: string): Promise<FileHandle | 'unreadable' | 'other'> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isFile() && found.size <= maxBytes) return file;
    await file.close();
    return found.isFile() ? 'unreadable' : 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // Deleted in the working tree, or a link.
    return code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO' ? 'other' : 'unreadable';
  }
}
