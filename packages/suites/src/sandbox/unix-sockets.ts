import { readFile, stat } from 'node:fs/promises';

/**
 * Sockets in the file system that somebody has bound. A service behind one believes whoever can open it: a container engine, a
 * terminal multiplexer or a session manager would carry out a command outside of the sandbox.
 */
export async function boundSockets(): Promise<string[]> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  const paths = table.split('\n').flatMap((line) => /^(?:\S+ +){7}(\/.*)$/.exec(line)?.[1] ?? []);
  const there = await Promise.all(
    [...new Set(paths)].map(async (path) => ((await isSocket(path)) ? [path] : [])),
  );
  return there.flat();
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch {
    return false;
  }
}
