import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { listFiles } from './list-files.ts';
import { gitList } from './git.ts';

const isEnvFile = (path: string) =>
  /(?:^|\/)\.env(?:\.[\w-]+)*$/.test(path) &&
  !/\.(?:example|sample|template|dist|defaults?|schema|test|ci)$/.test(path);

/** Files with settings that git tracks, that it would take with the next `git add`, or that others on this machine can read. */
export const envFiles: Source<ProjectState> = {
  name: 'env-files',
  withoutLockFiles: true,
  applies: () => true,
  async review({ root, env, signal }) {
    const { files, tracked } = await listFiles(root, env, signal);
    const ignored =
      tracked === undefined
        ? []
        : ((await gitList(
            [
              'ls-files',
              '-z',
              '--others',
              '--ignored',
              '--exclude-standard',
              '--',
              '.env',
              '.env.*',
              '**/.env',
              '**/.env.*',
            ],
            root,
            env,
            signal,
          )) ?? []);
    const observations: Observation[] = [];
    for (const path of new Set([...files, ...ignored].filter(isEnvFile))) {
      if (/(?:^|\/)node_modules\//.test(path)) continue;
      const found = await lstat(join(root, path)).catch(() => undefined);
      if (found === undefined || !found.isFile()) continue;
      if (tracked?.has(path) === true) observations.push(observe(path, 'high', 'is tracked by git'));
      else if (tracked !== undefined && files.includes(path)) {
        observations.push(observe(path, 'medium', 'is not ignored by git'));
      }
      if ((found.mode & 0o044) !== 0)
        observations.push(observe(path, 'medium', 'can be read by other accounts'));
    }
    return looked('env-files', observations);
  },
};

const observe = (path: string, severity: Observation['severity'], title: string): Observation => ({
  kind: 'env_file',
  severity,
  path,
  title: `${path} ${title}`,
  about: [path, title],
});
