import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const home = '/home/nobody';
let folder: string;
let bin: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-install-'));
  await cp(import.meta.dirname, join(folder, 'scripts'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{}');
  bin = join(folder, 'bin');
  await mkdir(bin);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What npm start says in a new checkout when npx ends with this. */
async function start(said: string): Promise<string> {
  await writeFile(join(bin, 'npx'), `#!/bin/sh\ncat >&2 <<'END'\n${said}\nEND\nexit 243\n`, { mode: 0o755 });
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts', 'start.mjs')], {
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(said);
  return stderr;
}

describe('npm start in a checkout whose packages cannot be installed', () => {
  it.each([
    'npm error code EACCES\nnpm error syscall mkdir\nnpm error path /home/nobody/.npm',
    'npm error Your cache folder contains root-owned files, due to a bug in previous versions',
    'npm error Log files were not written due to an error writing to the directory: /home/nobody/.npm/_logs',
    "EROFS: read-only file system, mkdir '/home/nobody/.local/share/pnpm'",
  ])('names HOME when it cannot be written to: %s', async (said) => {
    const text = await start(said);
    expect(text).toContain(`HOME (${home})`);
    expect(text).not.toContain('registry');
  });

  it('tells a full disk, and a registry that is away', async () => {
    expect(await start('ENOSPC: no space left on device, write')).toContain('Free some space');
    expect(await start('npm error code ENOTFOUND')).toContain('connection to the npm registry');
  });
});
