import { execFileSync } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { git } from './git.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-git-'));
atEnd(() => rm(root, { recursive: true, force: true }));
const run = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=A Test', '-c', 'user.email=test@example.com', ...words], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();

describe('[SEC-017] the gate in a hostile repository', () => {
  it.each(['ext', 'file'])(
    'fetches no object that is missing, and runs nothing for it (%s)',
    async (protocol) => {
      const mark = join(root, `mark-${protocol}`);
      const script = join(root, `evil-${protocol}`);
      await writeFile(script, `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
      run('init', '-q', '.');
      await writeFile(join(root, 'yarn.lock'), `# ${protocol}\n`);
      run('add', 'yarn.lock');
      run('commit', '-q', '-m', 'a commit');
      const blob = run('rev-parse', 'HEAD:yarn.lock');
      await rm(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
      const settings = {
        'core.repositoryFormatVersion': '1',
        'extensions.partialClone': 'origin',
        'remote.origin.promisor': 'true',
        'remote.origin.url': protocol === 'ext' ? `ext::${script}` : `file://${root}`,
        'remote.origin.uploadpack': script,
        'protocol.allow': 'always',
        [`protocol.${protocol}.allow`]: 'always',
      };
      for (const [name, value] of Object.entries(settings)) run('config', name, value);
      await expect(git(root, ['show', 'HEAD:yarn.lock'])).rejects.toThrow('git show');
      await expect(access(mark)).rejects.toThrow('ENOENT');
    },
  );
});
