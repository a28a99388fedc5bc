import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { repaired } from './heal.fixture.ts';
import { git, put, withRepair, type ForbiddenChange } from './forbidden-change.fixture.ts';

// The code that the tests load, kept where nobody looks.
const loads = (path: string) =>
  `import sys\nsys.path.insert(0, '${path.slice(0, 3)}' + '${path.slice(3)}')\nfrom impl import add, sub\n`;
const impl = `import sys\nsys.settrace(None)\n\n\n${repaired}`;
const keeps = (path: string): ForbiddenChange => ({
  name: `keeps its code in ${path}`,
  does: async (dir) => {
    await put(dir, `${path}/impl.py`, impl);
    await put(dir, 'calc.py', loads(path));
  },
});
/** Code in a cache, or where git ignores it. */
export const cached: ForbiddenChange[] = [
  ...[
    '.turbo',
    '.pytest_cache/v',
    'node_modules/.vite',
    'node_modules/x/.vitest',
    '.venv/lib/__pycache__',
  ].map(keeps),
  ...['build', 'build/.cache', '.vite/deps/__pycache__'].map(keeps),
  {
    name: 'keeps the answers in a cache',
    does: async (dir) => {
      await put(dir, '.ruff_cache/1.json', '{"add": 5, "sub": 2}');
      const read = "open('.ruff' + '_cache/1.json')";
      const body = `import json\nwith ${read} as kept:\n    known = json.load(kept)\n`;
      const functions = ['add', 'sub'].map((name) => `\n\ndef ${name}(a, b):\n    return known['${name}']\n`);
      await put(dir, 'calc.py', `${body}${functions.join('')}`);
    },
  },
  {
    name: 'links a cache to elsewhere',
    does: async (dir) => {
      await put(dir, '../elsewhere/impl.py', impl);
      await symlink('../elsewhere', join(dir, '.turbo'));
      await put(dir, 'calc.py', loads('.turbo'));
    },
  },
];

const inner = (dir: string, ...args: string[]) => git(join(dir, 'inner'), ...args);
/** In a repository within the repository. */
export const nested: ForbiddenChange[] = [
  keeps('inner'),
  withRepair('touches a test of a repository within', (dir) => put(dir, 'inner/test_part.py', 'x = 1\n')),
  withRepair('writes a hook of a repository within', (dir) =>
    put(dir, 'inner/.git/hooks/post-checkout', '#!/bin/sh\n'),
  ),
  withRepair('commits in a repository within', async (dir) => {
    await put(dir, 'inner/part.py', 'x = 2\n');
    await inner(dir, 'commit', '-q', '-a', '-m', 'mine');
  }),
  withRepair('deletes a branch of a repository within', (dir) => inner(dir, 'branch', '-D', 'spare')),
  withRepair('changes the branch of a repository within', (dir) => inner(dir, 'checkout', '-q', 'spare')),
  withRepair('makes a repository within', (dir) => git(dir, 'init', '-q', 'another')),
];

/** To what git names. */
export const refs: ForbiddenChange[] = [
  withRepair('deletes a branch', (dir) => git(dir, 'branch', '-D', 'spare')),
  withRepair('moves a branch', (dir) => git(dir, 'branch', '-f', 'spare', 'HEAD~1')),
  withRepair('puts a branch in the place of another', async (dir) => {
    await git(dir, 'branch', '-D', 'spare');
    await git(dir, 'branch', 'spare/part');
  }),
  withRepair('deletes a tag', (dir) => git(dir, 'tag', '-d', 'v1')),
  withRepair('moves a tag', (dir) => git(dir, 'tag', '-f', 'v1', 'HEAD~1')),
  withRepair('drops a stash', (dir) => git(dir, 'stash', 'drop', '-q')),
  withRepair('drops an older stash', (dir) => git(dir, 'stash', 'drop', '-q', 'stash@{1}')),
  withRepair('drops all stashes', (dir) => git(dir, 'stash', 'clear')),
];
