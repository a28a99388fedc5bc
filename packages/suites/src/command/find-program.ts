import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { leadsOutOfRepository } from '../sandbox/find-checkout.ts';

/**
 * Says why a program cannot be started, before it is tried: the shell in between would only answer 126 or 127.
 *
 * @returns null when it can be started
 */
export async function findProgramProblem(
  program: string,
  cwd: string,
  path: string | undefined,
): Promise<string | null> {
  const problem = await findDirectoryProblem(cwd);
  if (problem !== null) return problem;
  // As execvp does: a name with a slash counts from the working directory, any other is looked up in PATH.
  const places = program.includes('/') ? [''] : (path ?? '').split(delimiter);
  let blocked = false;
  for (const place of places) {
    const candidate = resolve(cwd, place, program);
    const kind = await kindOf(candidate);
    if (kind === null) continue;
    if (kind === 'file' && (await isExecutable(candidate))) return null;
    blocked = true;
  }
  return blocked ? `${program} cannot be executed` : `command not found: ${program}`;
}

/** Says why nothing can be started there; null when it can. */
export async function findDirectoryProblem(cwd: string): Promise<string | null> {
  const directory = await kindOf(cwd);
  if (directory === 'directory') {
    const leaving = await leadsOutOfRepository(cwd).catch(() => false);
    return leaving ? `its directory ${cwd} is a link that leads out of its repository` : null;
  }
  return `its directory ${cwd} ${directory === null ? 'does not exist' : 'is not a directory'}`;
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'other' | null> {
  try {
    const found = await stat(path);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'directory' : 'other';
  } catch {
    return null;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
