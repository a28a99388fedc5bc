import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { repaired } from './heal.fixture.ts';

/** What an agent does that must never be reported as healed. */
export interface ForbiddenChange {
  name: string;
  does(dir: string): Promise<unknown>;
}

const exec = promisify(execFile);

export const put = async (dir: string, path: string, text: string) => {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
};
export const git = (dir: string, ...args: string[]) =>
  exec('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: dir });

/** The right repair, so that only what comes with it is wrong. */
const repair = (dir: string) => put(dir, 'calc.py', repaired);
export const withRepair = (name: string, does: ForbiddenChange['does']): ForbiddenChange => ({
  name: `repairs, and ${name}`,
  does: async (dir) => {
    await repair(dir);
    await does(dir);
  },
});
