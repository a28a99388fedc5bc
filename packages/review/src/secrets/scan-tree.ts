import { constants } from 'node:fs';
import { open, readlink, type FileHandle } from 'node:fs/promises';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { fileAt, shownPath } from './byte-path.ts';
import { listFiles } from './list-files.ts';
import { secretIn, secretsInFileName } from './observe.ts';
import { isEnvFile, isLookedAt } from './paths.ts';
import { createByteScanner } from './scan-bytes.ts';
import type { FoundSecret } from './scan-text.ts';

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
    const { files, tracked, reasons } = await listFiles(root, { cwd: root, env, signal });
    const observations: Observation[] = [];
    const names = new Map<string, Observation>();
    const scan = createFileScanner();
    let unread = 0;
    for (const bytes of files) {
      const path = shownPath(bytes);
      for (const seen of secretsInFileName(bytes)) names.set(JSON.stringify(seen.about), seen);
      if (!isLookedAt(path, tracked?.has(bytes) === true)) continue;
      signal.throwIfAborted();
      const file = fileAt(root, bytes);
      const found = isEnvFile(path) ? await linkTarget(file) : await scan(file);
      if (found === undefined) unread += 1;
      else observations.push(...found.map((secret) => secretIn(bytes, secret)));
    }
    if (unread > 0)
      reasons.push(`${unread} files cannot be read, or have more than ${maxBytes / 1024 / 1024} MiB`);
    return lookedExcept(source, [...observations, ...names.values()], reasons);
  },
};

/** Scans files one after the other, in one buffer, and of links the target; undefined for one that cannot be read, nothing for one that is no text. */
export function createFileScanner(): (path: string | Buffer) => Promise<FoundSecret[] | undefined> {
  const buffer = Buffer.allocUnsafe(pieceBytes);
  const scanner = createByteScanner();
  return async (path) => {
    const file = await openFile(path);
    if (file === 'unreadable') return undefined;
    if (file === 'other') return linkTarget(path, scanner);
    try {
      const { size } = await file.stat();
      for (let at = 0; ;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0 || !scanner.push(buffer.subarray(0, bytesRead))) return scanner.end();
        at += bytesRead;
        // Only now: an archive may be of any size.
        if (Math.max(at, size) > maxBytes) break;
      }
      scanner.end();
      return undefined;
    } catch {
      scanner.end();
      return undefined;
    } finally {
      await file.close();
    }
  };
}

/** The secrets in what a link says, not in the file to which it leads; none when it is no link. */
export async function linkTarget(
  path: string | Buffer,
  scanner = createByteScanner(),
): Promise<FoundSecret[] | undefined> {
  try {
    scanner.push(await readlink(path, { encoding: 'buffer' }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // Deleted in the working tree, behind a link to itself, or no link.
    if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'EINVAL'].includes(String(code))) return undefined;
  }
  return scanner.end();
}

// A link leads to a file that is read as itself, or out of the project; a pipe would never end.
async function openFile(path: string | Buffer): Promise<FileHandle | 'unreadable' | 'other'> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isFile()) return file;
    await file.close();
    return 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // Deleted in the working tree, or a link.
    return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(String(code)) ? 'other' : 'unreadable';
  }
}
