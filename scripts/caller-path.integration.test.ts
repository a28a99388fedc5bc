import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const module = join(import.meta.dirname, 'caller-path.mjs');
const print = (root: string) =>
  `import { callerPath } from ${JSON.stringify(module)};\nprocess.stdout.write(String(callerPath(process.env, ${JSON.stringify(root)})));`;

let root: string;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'actp-caller-path-')), 'plane');
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await writeFile(join(root, 'print.mjs'), print(root));
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ name: 'plane', scripts: { start: 'node print.mjs', again: 'npm start --silent' } }),
  );
});
afterEach(() => rm(join(root, '..'), { recursive: true, force: true }));

// Nothing of the npm that runs these tests.
const environment = (path: string) => ({ PATH: path, HOME: process.env['HOME'] ?? root });

function npm(path: string, words: string[], cwd = root): string {
  const { stdout, stderr, status } = spawnSync('npm', words, {
    cwd,
    encoding: 'utf8',
    env: environment(path),
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** What comes out for a PATH and further environment of another package manager. */
function pathOf(env: Record<string, string>): string {
  const { stdout } = spawnSync(process.execPath, [join(root, 'print.mjs')], { encoding: 'utf8', env });
  return stdout;
}

describe('the PATH of the caller of npm start', () => {
  const own = process.env['PATH'] ?? '';

  it('is what npm was called with', () => {
    expect(npm(own, ['start', '--silent'])).toBe(own);
    expect(npm(own, ['--prefix', root, 'start', '--silent'], tmpdir())).toBe(own);
  });

  it('is what the supervisor starts with, and so its apps and their suites', async () => {
    await mkdir(join(root, 'scripts'));
    await mkdir(join(root, 'apps/supervisor/src'), { recursive: true });
    for (const name of ['run-supervisor.mjs', 'caller-path.mjs', 'paths.mjs'])
      await copyFile(join(import.meta.dirname, name), join(root, 'scripts', name));
    await symlink(process.execPath, join(root, 'node_modules/.bin/node'));
    await writeFile(
      join(root, 'apps/supervisor/src/main.ts'),
      "process.stdout.write(process.env['PATH'] ?? '');",
    );
    await writeFile(
      join(root, 'print.mjs'),
      "import { runSupervisor } from './scripts/run-supervisor.mjs';\nrunSupervisor();",
    );
    expect(npm(own, ['start', '--silent'])).toBe(own);
  });

  it('keeps what the caller had put there, also twice and also of this package', () => {
    const path = `/opt/tools:${join(root, 'node_modules/.bin')}:/opt/tools:${own}`;
    expect(npm(path, ['start', '--silent'])).toBe(path);
    const first = `${join(root, 'node_modules/.bin')}:${own}`;
    expect(npm(first, ['start', '--silent'])).toBe(first);
  });

  it('called by another script of npm is that of the script', () => {
    const called = npm(own, ['run', 'again', '--silent']);
    expect(called.endsWith(`:${own}`)).toBe(true);
    expect(called.split(':').filter((entry) => entry === join(root, 'node_modules/.bin'))).toHaveLength(1);
  });

  it('is found through a symbolic link', async () => {
    const link = join(root, '..', 'link');
    await symlink(root, link);
    expect(npm(own, ['start', '--silent'], link)).toBe(own);
  });

  it('stays as it is without npm, and within a script of another package', () => {
    const bin = join(root, 'node_modules/.bin');
    expect(pathOf({ PATH: `${bin}:/bin` })).toBe(`${bin}:/bin`);
    const other = { npm_lifecycle_event: 'start', npm_package_json: join(root, '..', 'package.json') };
    expect(pathOf({ ...other, PATH: `${bin}:/x/node-gyp-bin:/bin` })).toBe(`${bin}:/x/node-gyp-bin:/bin`);
  });

  it('is found under Yarn and pnpm', () => {
    const bin = join(root, 'node_modules/.bin');
    const yarn = { npm_lifecycle_event: 'start', PATH: `/tmp/yarn--17-0.3:${bin}:/usr/bin` };
    expect(pathOf(yarn)).toBe('/usr/bin');
    const json = join(root, 'package.json');
    const pnpm = { npm_lifecycle_event: 'start', npm_package_json: json };
    expect(pathOf({ ...pnpm, PATH: `${bin}:/opt/pnpm/dist/node-gyp-bin:/usr/bin` })).toBe('/usr/bin');
  });
});
