import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';

const StoredSession = z.object({
  url: z.string(),
  email: z.string(),
  token: z.string(),
  expires_at: z.iso.datetime(),
  /** Makes this user a known device, whom failed logins of others do not lock out. */
  device_token: z.string().optional(),
});
export type StoredSession = z.output<typeof StoredSession>;

/** The folder for what lasts between two calls (XDG Base Directory Specification). */
export function stateFolder(environment: Record<string, string | undefined>): string {
  const given = environment['XDG_STATE_HOME'] ?? '';
  const home = environment['HOME'] ?? '';
  // A relative one is invalid, the specification says, and counts as unset.
  const base = isAbsolute(given) ? given : join(isAbsolute(home) ? home : homedir(), '.local', 'state');
  return join(base, 'actp-worker');
}

/** The session of one plane, in a file that only its owner can read. */
export function createSessionFile(folder: string, url: URL) {
  const name = url.host.replaceAll(/[^\w.-]/g, '-');
  const hash = createHash('sha256').update(url.origin).digest('hex').slice(0, 8);
  const path = join(folder, `session-${name}-${hash}.json`);

  async function assertFolder(): Promise<void> {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined) assertPrivate(folder, found, 0o022, `chmod 700 ${folder}`);
  }

  return {
    path,
    /** Undefined when there is none. @throws CliError when somebody else could have read or written it */
    async read(): Promise<StoredSession | undefined> {
      await assertFolder();
      const text = await readPrivate(path);
      if (text === undefined) return undefined;
      const session = StoredSession.safeParse(parsed(text)).data;
      if (session?.url === url.origin) return session;
      throw new CliError(`${path} is not a session of ${url.origin}.\nDelete it: rm ${path}`, {
        exitCode: 1,
      });
    },
    /** Makes the folder, before anybody is asked for a password. @throws CliError when it cannot be used */
    async prepare(): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
        throw new CliError(
          `${folder} cannot be made (${code}), so no session can be kept.\n` +
            'Set XDG_STATE_HOME to a folder of yours, or use a token (ACTP_TOKEN, --token-file).',
          { cause: error, exitCode: 1 },
        );
      });
      await assertFolder();
      await access(folder, constants.W_OK).catch((error: unknown) => {
        const remedy = `Make it writable for this user: chmod 700 ${folder}`;
        throw new CliError(`${folder} cannot be written to.\n${remedy}`, { cause: error, exitCode: 1 });
      });
    },
    async write(session: StoredSession): Promise<void> {
      const made = `${path}.${process.pid}`;
      await rm(made, { force: true });
      await writeFile(made, `${JSON.stringify(session)}\n`, { flag: 'wx', mode: 0o600 });
      await rename(made, path);
    },
    remove: () => rm(path, { force: true }),
  };
}
export type SessionFile = ReturnType<typeof createSessionFile>;

async function readPrivate(path: string): Promise<string | undefined> {
  // A pipe in its place would hang us, and a link could lead to the file of somebody else.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return undefined;
    const why = code === 'ELOOP' ? 'is a link' : `cannot be read (${code})`;
    throw new CliError(`${path} ${why}, so it is not used.\nDelete it: rm ${path}`, { exitCode: 1 });
  });
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile()) {
      throw new CliError(`${path} is not a file, so it is not used.\nDelete it: rm -r ${path}`, {
        exitCode: 1,
      });
    }
    assertPrivate(path, found, 0o077, `rm ${path}, and log in again`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function assertPrivate(path: string, { uid, mode }: Stats, forbidden: number, remedy: string): void {
  const problem =
    uid !== process.getuid?.()
      ? 'belongs to another user'
      : (mode & forbidden) === 0
        ? undefined
        : `can be ${(forbidden & 0o044) === 0 ? 'changed' : 'read or changed'} by others (mode ${(mode & 0o777).toString(8)})`;
  if (problem === undefined) return;
  throw new CliError(`${path} ${problem}, so it is not used.\nTry: ${remedy}`, { exitCode: 1 });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
