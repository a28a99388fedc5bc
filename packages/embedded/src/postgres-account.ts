import { stat } from 'node:fs/promises';
import process from 'node:process';
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { StartupError } from './startup-error.ts';
import { createSystemUser, findSystemUser, type SystemUser } from './system-users.ts';

/** Who Postgres runs as, since it refuses to run as root. */
export interface PostgresAccount {
  /** What the process switches to before it begins; nothing when we are not root, or with a namespace. */
  user?: SystemUser;
  /** Words before the command. */
  words: readonly string[];
  /** Who the data folder must belong to; nothing when we are not root. */
  owner?: SystemUser;
}

const probeMs = 10_000;
const userName = 'postgres';

/**
 * Finds a way to run Postgres here.
 *
 * As root there are two. A system user of its own is the better one, but it must be able to reach the program and the
 * data folder, which it cannot below a private folder such as /root: parents are not ours to open up. There it runs
 * inside a user namespace, where it sees itself as an ordinary user while the kernel still lets it read root's files.
 *
 * @param program the server, to try it
 * @param folder an existing folder in which its data will be
 * @throws StartupError when neither works
 */
export async function choosePostgresAccount(
  program: string,
  folder: string,
  searchPath?: string,
): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { words: [] };
  const user = await reachingUser(program, folder, searchPath);
  if (user !== undefined) return { user, words: [], owner: user };
  const words = await namespaceWords(program, folder, searchPath);
  if (words !== undefined) return { words, owner: { uid: 0, gid: 0 } };
  throw new StartupError(
    'Postgres does not run as root, no other user can access this folder, and user namespaces are not available.',
    'Start as an ordinary user, or move the checkout to a folder that every user can traverse (for instance /opt).',
  );
}

async function reachingUser(
  program: string,
  folder: string,
  searchPath?: string,
): Promise<SystemUser | undefined> {
  const nobody = await findSystemUser('nobody');
  const existing = await findSystemUser(userName);
  if (existing !== undefined && (await canRun(program, folder, existing))) return existing;
  // The owner of the folder, for instance after `sudo npm start` in a home folder.
  const { uid, gid } = await stat(folder);
  if (uid !== 0 && (await canRun(program, folder, { uid, gid }))) return { uid, gid };
  if (nobody === undefined || !(await canRun(program, folder, nobody))) return undefined;
  return existing ?? (await createSystemUser(userName, searchPath)) ?? nobody;
}

async function canRun(program: string, cwd: string, user: SystemUser): Promise<boolean> {
  // Passing through `cwd` is tried by the shell: Node would enter it while it is still root.
  const script = 'cd "$1" && exec "$2" --version';
  const { ok } = await runCommand('/bin/sh', ['-c', script, 'sh', cwd, program], {
    cwd: '/',
    env: {},
    timeoutMs: probeMs,
    ...user,
  });
  return ok;
}

async function namespaceWords(
  program: string,
  cwd: string,
  searchPath?: string,
): Promise<readonly string[] | undefined> {
  const unshare = await findProgram(['unshare'], searchPath);
  // initdb looks its user up by id, so it must be one that exists.
  const user =
    (await findSystemUser(userName)) ?? (await findSystemUser('daemon')) ?? (await findSystemUser('nobody'));
  if (unshare === undefined || user === undefined) return undefined;
  const words = [unshare, '--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`];
  const args = [...words.slice(1), program, '--version'];
  const { ok } = await runCommand(unshare, args, { cwd, timeoutMs: probeMs });
  return ok ? words : undefined;
}
