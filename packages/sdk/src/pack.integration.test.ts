import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStandIn, secret } from './stand-in-gateway.fixture.ts';

const run = promisify(execFile);
const packageDir = join(import.meta.dirname, '..');
const root = join(packageDir, '../..');

const tempFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'actp-pack-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** What the shell of a user would have: nothing of the npm or Node.js that runs these tests. */
async function userEnvironment() {
  const folders = (process.env['PATH'] ?? '').split(':').filter((one) => !one.includes('node_modules'));
  return {
    PATH: folders.join(':'),
    HOME: await tempFolder(),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
}

/** `npm pack` in a copy of the package, so that the one in use is left alone. */
async function pack(env: Record<string, string>): Promise<string> {
  const copy = await tempFolder();
  const folder = join(copy, 'packages/sdk');
  await mkdir(folder, { recursive: true });
  await cp(packageDir, folder, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
  });
  await cp(join(root, 'tsconfig.base.json'), join(copy, 'tsconfig.base.json'));
  await cp(join(root, 'LICENSE'), join(copy, 'LICENSE'));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const before = await readFile(join(folder, 'package.json'), 'utf8');
  const { stdout } = await run('npm', ['pack', '--json'], { cwd: folder, env });
  expect(await readFile(join(folder, 'package.json'), 'utf8')).toBe(before);
  const [made] = JSON.parse(stdout) as Array<{ filename: string }>;
  return join(folder, made?.filename ?? '');
}

it('[TRU-006] is installed from a packed file into an empty folder, and guards there under plain Node.js', async () => {
  const env = await userEnvironment();
  const tarball = await pack(env);
  const folder = await tempFolder();
  await run('npm', ['install', '--offline', tarball], { cwd: folder, env });

  const installed = join(folder, 'node_modules/@actp/sdk');
  expect(await readdir(join(folder, 'node_modules/@actp'))).toEqual(['sdk']);
  expect((await readdir(installed)).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as object;
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies', 'scripts']) {
    expect(manifest).not.toHaveProperty(kind);
  }

  const standIn = await openStandIn();
  await writeFile(
    join(folder, 'agent.mjs'),
    `import { createClient, PolicyDenied } from '@actp/sdk';
     const client = createClient({ url: '${standIn.url}', secret: process.env.SECRET });
     const ran = await client.guard('dm.send', { recipients: 25 }, ({ details }) => details.recipients);
     process.stdout.write(JSON.stringify([ran, typeof PolicyDenied]));`,
  );
  const agent = run('node', ['agent.mjs'], { cwd: folder, env: { ...env, SECRET: secret } });
  const { id } = await eventually(() => standIn.approvals.all()[0]);
  standIn.approvals.decide(id, 'approved');
  expect(JSON.parse((await agent).stdout)).toEqual([25, 'function']);

  await writeFile(
    join(folder, 'agent.mts'),
    `import { createClient, type Permit } from '@actp/sdk';
     const client = createClient({ url: 'http://127.0.0.1', secret: 's' });
     export const done: Promise<number> = client.guard('a', { n: 1 }, ({ details }: Permit<{ n: number }>) => details.n);
     // @ts-expect-error -- details have no such member
     export const wrong = client.guard('a', { n: 1 }, ({ details }) => details.total);`,
  );
  const types = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom'];
  await run(join(root, 'node_modules/.bin/tsc'), [...types, '--types', '', '--ignoreConfig', 'agent.mts'], {
    cwd: folder,
  });
});
