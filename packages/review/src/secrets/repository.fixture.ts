import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { atEnd } from '@actp/testing/at-end';

// In parts, so that no scanner takes them for leaks.
export const github = ['ghp', 'Xk29fLq7ZtWv3RbN8mYc5HsJd1GpEa6UoT4i'].join('_');
export const stripe = ['sk', 'live', '51Hq8ZtKw2LfXv9RbN3mYc7Js'].join('_');

const identity = ['user.name=A Test', 'user.email=test@example.com', 'commit.gpgsign=false'];

/** Calls git in a repository of a test, as an identity of its own. */
export const run = (root: string, ...args: string[]): string =>
  execFileSync('git', [...identity.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: root,
    stdio: 'pipe',
    encoding: 'utf8',
  }).trim();

/** Commits everything that is there, what is ignored too. */
export function commit(root: string, message = 'a commit'): void {
  run(root, 'add', '-A', '-f');
  run(root, 'commit', '-q', '--allow-empty', '-m', message);
}

export interface Repositories {
  /** A folder with these files, and a repository of git in it. */
  project: (files: Readonly<Record<string, string | Buffer>>, git?: boolean) => Promise<string>;
  /** A folder that does not exist. */
  nothing: string;
}

/** A place for repositories, which is removed at the end. */
export async function createRepositories(): Promise<Repositories> {
  const dir = await mkdtemp(join(tmpdir(), 'actp-secrets-'));
  atEnd(() => rm(dir, { recursive: true, force: true }));
  return {
    nothing: join(dir, 'nothing'),
    async project(files, git = true) {
      const root = await mkdtemp(join(dir, 'project-'));
      if (git) run(root, 'init', '-q', '-b', 'main');
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text, { mode: 0o600 });
      }
      return root;
    },
  };
}
