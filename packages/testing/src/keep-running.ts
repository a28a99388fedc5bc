import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { atEnd } from './at-end.ts';

const root = join(import.meta.dirname, '../../..');

/**
 * A program of ours as the supervisor runs it: a process that is started again whenever it dies, until the test file ends.
 *
 * @param words the program, relative to the repository root, and its arguments
 * @param env its environment, beside the PATH and the compile cache
 */
export function keepRunning(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): { kill(): boolean } {
  let child: ChildProcess;
  let over = false;
  const start = () => {
    child = spawn(process.execPath, words, {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('exit', () => {
      if (!over) start();
    });
  };
  start();
  atEnd(async () => {
    over = true;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  return { kill: () => child.kill('SIGKILL') };
}
